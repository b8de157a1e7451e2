"""What is done to a part of a request before it is compared or counted.

https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-transformation.html
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.waf.settings import NotModelledError, settings_of

_SPACES: Final = re.compile(rb"[\f\t\n\r\v\xa0 ]+")

TEXT_TRANSFORMATIONS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "NONE": lambda text: text,
    "LOWERCASE": bytes.lower,
    "COMPRESS_WHITE_SPACE": lambda text: _SPACES.sub(b" ", text),
}


def transformed(text: bytes, listed: Any, place: str) -> bytes:
    """From the lowest priority to the highest, of which no two are the same and one is needed.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_TextTransformation.html
    """
    by_priority = {}
    for each in listed:
        one = settings_of(each, place, "Priority", "Type")
        by_priority[one["Priority"]] = one["Type"]
    if len(by_priority) != len(listed) or not listed:
        raise NotModelledError(f"{place} is {listed!r}")
    for _, kind in sorted(by_priority.items()):
        if kind not in TEXT_TRANSFORMATIONS:
            raise NotModelledError(f"{place}.{kind}")
        text = TEXT_TRANSFORMATIONS[kind](text)
    return text
