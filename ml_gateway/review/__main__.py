"""`python -m ml_gateway.review OLD NEW [--labelled]`: compare two assemblies (cdk.out folders), print the comment.

Exits with 1 if something guarded would be replaced or removed and that is not accepted (`--labelled`), with 2 if an
assembly cannot be read.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ml_gateway.review.assembly import AssemblyError, read_assembly
from ml_gateway.review.changes import compare
from ml_gateway.review.comment import render
from ml_gateway.review.guards import LABEL, findings


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m ml_gateway.review", description="What a change does to a deployed gateway."
    )
    parser.add_argument("old", type=Path, metavar="OLD", help="the assembly that is deployed, a cdk.out folder")
    parser.add_argument("new", type=Path, metavar="NEW", help="the assembly that would be deployed")
    parser.add_argument("--labelled", action="store_true", help=f"the pull request has the label {LABEL}")
    options = parser.parse_args(arguments)
    try:
        old, new = read_assembly(options.old), read_assembly(options.new)
    except AssemblyError as error:
        print(*str(error).split(), file=sys.stderr)  # one line, whatever names the assembly brings along
        return 2
    changes = compare(old, new)
    found = findings(changes, old=old, new=new)
    sys.stdout.write(render(changes, found, labelled=options.labelled))
    return 1 if found and not options.labelled else 0


if __name__ == "__main__":
    sys.exit(main())
