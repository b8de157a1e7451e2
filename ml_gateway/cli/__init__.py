"""The command `ml-gateway`, which needs the extra `cli` of the package."""

import os
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command that the arguments name, and exit with its status: 0, 1 where it found something, or 2 for
    arguments that it does not take."""
    try:
        from ml_gateway.cli.commands import run
    except ModuleNotFoundError as error:
        if error.name == "cyclopts":
            sys.exit("the command needs what the extra brings along: pip install 'ml-gateway[cli]'")
        raise
    try:
        try:
            run(sys.argv[1:] if arguments is None else arguments)
        finally:
            sys.stdout.flush()
    except OSError as error:
        # Else Python would try once more when it ends, and say so.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        # Whoever reads and has enough, as `head` has, needs no message.
        sys.exit(1 if isinstance(error, BrokenPipeError) else f"ml-gateway: what it says cannot be written: {error}")
