"""The apps that are compared, and the environments that they run in."""

import sys
from typing import Final

from bench.runs import REPOSITORY, Subject

EMPTY: Final = "empty"
OURS: Final = "ml_gateway"
SOLUTIONS_CONSTRUCTS: Final = "solutions_constructs"

SUBJECTS: Final = (
    Subject(name=EMPTY, command=(sys.executable, "-m", "bench.subjects.empty")),
    Subject(name=OURS, command=(sys.executable, "app.py")),
    Subject(
        name=SOLUTIONS_CONSTRUCTS,
        command=(str(REPOSITORY / ".venv-bench/bin/python"), "-m", "bench.subjects.solutions_constructs"),
    ),
    Subject(name="python_by_hand", command=(sys.executable, "-m", "bench.subjects.by_hand")),
    Subject(name="typescript_by_hand", command=("node", "bench/typescript/app.ts")),
)
