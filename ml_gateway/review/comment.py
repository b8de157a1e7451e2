"""The review as Markdown, for GitHub."""

import html
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile
from typing import Any, Final

from ml_gateway.naming import SHARES_TYPE
from ml_gateway.review.api_changes import ApiChange, Row
from ml_gateway.review.assembly import StackId
from ml_gateway.review.changes import ResourceChange, StackChange
from ml_gateway.review.differences import ABSENT, Difference, Kind
from ml_gateway.review.guards import LABEL, Finding
from ml_gateway.review.rollouts import ENDS
from ml_gateway.review.wording import Quoted, Words

# The first line, by which the comment is found again.
MARKER: Final = "<!-- ml_gateway review -->"
# GitHub takes 65,536 characters.
LONGEST_COMMENT: Final = 60_000
LONGEST_VALUE: Final = 80
# Of one resource, so that no row is longer than a comment.
MOST_DIFFERENCES: Final = 20
# Of what changes alike in an API.
MOST_NAMES: Final = 3
POLICIES: Final = ("DeletionPolicy", "UpdateReplacePolicy")

_CUT: Final = "\n**Cut here.** `make review BASE=<ref>` and `cdk diff` compare the same; lines left out: "
_MARKDOWN: Final = re.compile(r"[\\`*_\[\]|~@#$]")


def render(changes: Sequence[StackChange], found: Sequence[Finding], *, labelled: bool) -> str:
    """The comment: first what is guarded, then every stack that differs. At most `LONGEST_COMMENT` characters."""
    return _cut([MARKER, "## What a deploy would change", *_guarded(found, labelled), *_stacks(changes)])


def _guarded(found: Sequence[Finding], labelled: bool) -> Iterator[str]:
    if not found:
        return
    accepted = f"The label `{LABEL}` accepts that a deploy loses this:"
    refused = f"**This needs the label `{LABEL}`**, as a deploy loses what callers or operators rely on:"
    yield f"\n{accepted if labelled else refused}\n"
    for finding in found:
        yield f"* {_title(finding.stack)}: {_words(finding.what)}"


def _stacks(changes: Sequence[StackChange]) -> Iterator[str]:
    if not changes:
        yield "\nNo difference in resources or outputs."
    for change in changes:
        yield f"\n### {_title(change.stack)}\n"
        if change.old is None or change.new is None:
            template = change.new or change.old
            size = len(template.resources) if template else 0
            yield f"The stack is {'added' if change.new else 'removed'}; it has {size} resources."
            continue
        counts = Counter(resource.kind for resource in change.resources)
        yield ", ".join(f"{counts[kind]} {kind}" for kind in Kind if counts[kind]) or "No difference in resources."
        yield from _resource_table(change.resources)
        for resource in change.resources:
            if resource.api:
                yield from _api_table(resource.api)
        yield from _output_table(change.outputs)


def _resource_table(resources: Sequence[ResourceChange]) -> Iterator[str]:
    if resources:
        yield "\n| | resource | what |\n|---|---|---|"
    for change in resources:
        yield f"| {change.kind} | {_words(change.name)} | {'<br>'.join(_details(change))} |"


def _api_table(change: ApiChange) -> Iterator[str]:
    if change.rows:
        yield "\n| | of the API | operations | what |\n|---|---|---|---|"
    for row in change.rows:
        what = "<br>".join(_differences(row.differences, _spoken))
        yield f"| {row.kind} | {_words(row.subject)} | {_names(row)} | {what} |"


def _names(row: Row) -> str:
    if len(row.names) == row.total > MOST_NAMES:
        return f"all {row.total}"
    shown = [_code(name) for name in row.names[:MOST_NAMES]]
    more = len(row.names) - len(shown)
    return "<br>".join([*shown, f"and {more} more"] if more else shown)


def _output_table(outputs: Sequence[Difference]) -> Iterator[str]:
    if outputs:
        yield "\n| | output | what |\n|---|---|---|"
    for output in outputs:
        kind = Kind.ADDED if output.old is ABSENT else Kind.REMOVED if output.new is ABSENT else Kind.CHANGED
        yield f"| {kind} | {_code(output.path)} | {_values(output, _text)} |"


def _details(change: ResourceChange) -> Iterator[str]:
    if change.moved_to:
        what = "otherwise equal" if change.kind is Kind.MOVED else "which has the API as it is then"
        yield f"now {_code(change.moved_to)}, {what}"
    if change.old and change.kind not in (Kind.CHANGED, Kind.ADDED):
        policies = change.old.attributes
        yield from (f"{name} {_code(policies[name])}" for name in POLICIES if name in policies)
    yield from (f"{_code(other)} is replaced" for other in change.because_of)
    if change.api:
        yield _document(change.api)
    if change.old and change.old.type == SHARES_TYPE:
        yield ENDS
    yield from _differences(change.differences, _text)


def _document(change: ApiChange) -> str:
    if change.unreadable is not None:
        return f"the document cannot be compared by method and path: {change.unreadable}"
    return "the document, see below" if change.rows else "the document, which says the same in other words"


def _differences(found: Sequence[Difference], text: Callable[[Any], str]) -> Iterator[str]:
    yield from (f"{_code(difference.path)}: {_values(difference, text)}" for difference in found[:MOST_DIFFERENCES])
    if len(found) > MOST_DIFFERENCES:
        yield f"and {len(found) - MOST_DIFFERENCES} more"


def _words(words: Words) -> str:
    return "".join(_code(word.text) if isinstance(word, Quoted) else word for word in words)


def _title(stack: StackId) -> str:
    return f"{_code(stack.name)} ({_code(stack.region)})"


def _values(difference: Difference, as_text: Callable[[Any], str]) -> str:
    old, new = as_text(difference.old), as_text(difference.new)
    start = _equal_start(old, new) if max(len(old), len(new)) > LONGEST_VALUE else 0
    return " → ".join(
        "(none)" if value is ABSENT else _code(text, start=max(0, start - LONGEST_VALUE // 4))
        for value, text in ((difference.old, old), (difference.new, new))
    )


def _text(value: Any) -> str:
    return "" if value is ABSENT else json.dumps(value, sort_keys=True)


def _spoken(value: Any) -> str:
    """As the file has it: a text without quotation marks."""
    return value if isinstance(value, str) else _text(value)


def _equal_start(old: str, new: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))


def _code(text: str, *, start: int = 0) -> str:
    """The text from `start` on, shortened, as code in which nothing is Markdown, HTML, a mention or a line break."""
    end = start + LONGEST_VALUE
    plain = "".join(letter if letter.isprintable() else "?" for letter in text[start:end])
    escaped = _MARKDOWN.sub(lambda found: f"&#{ord(found[0])};", html.escape(plain, quote=False))
    return f"<code>{'…' if start else ''}{escaped}{'…' if len(text) > end else ''}</code>"


def _cut(lines: Sequence[str]) -> str:
    """The lines that fit, and how many did not."""
    text = "\n".join(lines) + "\n"
    if len(text) <= LONGEST_COMMENT:
        return text
    room = LONGEST_COMMENT - len(_CUT) - len(str(len(lines))) - 1
    kept: list[str] = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join([*kept, f"{_CUT}{len(lines) - len(kept)}"]) + "\n"
