"""`python -m tests.released VERSION`: keep the examples as that version synthesizes them, once, when it is tagged."""

import sys
import tempfile
from pathlib import Path

from tests.released.examples import APPS, FILES, RELEASED, keep, name_of, synthesized


def main(version: str) -> None:
    for example in (*FILES, *APPS):
        with tempfile.TemporaryDirectory() as directory:
            keep(example, synthesized(example, Path(directory) / "out"), RELEASED / version / name_of(example))


if __name__ == "__main__":
    main(*sys.argv[1:])
