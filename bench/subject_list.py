"""The apps that are compared."""

import sys
from typing import Final

from bench.runs import Subject

EMPTY: Final = "empty"
OURS: Final = "ml_gateway"

SUBJECTS: Final = (
    Subject(name=EMPTY, command=(sys.executable, "-m", "bench.empty")),
    Subject(name=OURS, command=(sys.executable, "app.py")),
)
