"""Rules that hold between the settings of one section, or the entries of one map."""

from collections.abc import Callable, Collection, Iterable, Iterator

from ml_gateway.conflicts import ConflictError, Place
from ml_gateway.wording import shown


def misnamed(section: str, names: Iterable[str], check: Callable[[str], object]) -> Iterator[ConflictError]:
    """Keys which the check refuses."""
    for name in names:
        try:
            check(name)
        except ValueError as error:
            yield ConflictError(str(error), (section, name))


def only_one(section: str, entries: Collection[object], reason: str, *others: Place) -> Iterator[ConflictError]:
    """More than one entry where one is all that makes sense."""
    if len(entries) > 1:
        yield ConflictError(f"{len(entries)} {section} are given, {reason}; keep one", (section,), *others)


def alike(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Names that differ in hyphens only, and why not: `llama3` and `llama-3` would both give the output `Llama3Url`."""
    first: dict[str, str] = {}
    for name in names:
        other = first.setdefault(name.replace("-", ""), name)
        if other != name:
            yield name, f"{shown(name)} and {shown(other)} differ in hyphens only, which outputs leave out; rename one"


def named_alike(section: str, names: Iterable[str]) -> Iterator[ConflictError]:
    """Entries of a section whose names are alike."""
    for name, message in alike(names):
        yield ConflictError(message, (section, name))


def unencrypted(url: str, *, insecure: bool) -> Iterator[ConflictError]:
    """A URL without encryption that nobody accepted, or an acceptance that nothing needs."""
    encrypted = url.startswith("https:")
    if not encrypted and not insecure:
        message = f"{shown(url)} is not encrypted; write https://, or accept that with insecure: true"
        yield ConflictError(message, ("url",), ("insecure",))
    if encrypted and insecure:
        yield ConflictError("true has no effect on an https:// url; leave the line out", ("insecure",), ("url",))
