"""The questions of questions.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import yaml

FILE: Final = Path(__file__).with_name("questions.yaml")


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What AWS is expected to do. `needs`: what the account brings beside itself. `locally`: why the local cloud cannot
    answer. `unasked`: why no run asks it."""

    id: str
    asks: str
    needs: str | None = None
    locally: str | None = None
    unasked: str | None = None


@cache
def questions() -> Mapping[str, Question]:
    """In the order of the file."""
    return {name: Question(id=name, **said) for name, said in yaml.safe_load(FILE.read_text()).items()}
