"""What looks like a key, wherever it is written: of ours, or one that somebody pasted."""

import re
from collections.abc import Collection
from typing import Final

from ml_gateway.credentials import CLIENT_KEY_LENGTH, ORIGIN_SECRET_LENGTH
from tests.synthesis import Json

_WORD: Final = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]+(?![A-Za-z0-9])")
_OF_OTHERS: Final = re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b|\bsk-[A-Za-z0-9-]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY-----")
_HASH: Final = re.compile(r"[0-9a-f]+|[0-9A-F]+")


def what_looks_like_a_key(text: str, *, names: Collection[str] = ()) -> list[str]:
    """Words as long as our keys and as mixed, unless they begin with one of `names`; and kinds of other makers."""
    words = [word for word in _WORD.findall(text) if _is_mixed(word) and not word.startswith(tuple(names))]
    return [*words, *(match[0] for match in _OF_OTHERS.finditer(text))]


def names_in(template: Json) -> set[str]:
    """The beginnings of generated names: logical ids, and the name of the gateway, which physical names start with."""
    gateway = template.get("Description", "").partition(":")[0].replace("-", "")
    return {*template["Resources"], *([gateway] if gateway else [])}


def _is_mixed(word: str) -> bool:
    if len(word) not in (CLIENT_KEY_LENGTH, ORIGIN_SECRET_LENGTH) or _HASH.fullmatch(word):
        return False
    return all(re.search(kind, word) for kind in ("[a-z]", "[A-Z]", "[0-9]"))
