"""The file as YAML: its values, and the line of each. What a value should be is not decided here."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from ml_gateway.conflicts import Place, Problem, Spot, Written, problem_at
from ml_gateway.wording import shown

MOST_LEVELS: Final = 20
MOST_VALUES: Final = 100_000
"""Far more than any gateway has: aliases inside of what they repeat, and those that multiply, get there at once."""

_TOO_DEEP: Final = f"lists and maps are nested more than {MOST_LEVELS} deep; write out what an alias repeats"

_TAG: Final = "tag:yaml.org,2002:"

_MERGE: Final = "<<"
_MERGED: Final = (
    "a merge key, which YAML 1.2 does not have; write its settings out, or an alias such as *b for a whole value"
)


class Empty:
    """Stands in the data where the file gives no value: nothing accepts it, not even a setting that may be None."""


# The types of YAML 1.2, where PyYAML has those of 1.1: dates, yes and no, and 1:30 are text. So is a number with a
# leading zero or with more than 18 digits.
_SCALARS: Final[dict[str, tuple[re.Pattern[str], Callable[[str], Any]]]] = {
    f"{_TAG}null": (re.compile(r"(null|Null|NULL|~|)\Z"), lambda _: Empty),
    f"{_TAG}bool": (re.compile(r"(true|True|TRUE|false|False|FALSE)\Z"), lambda text: text.lower() == "true"),
    f"{_TAG}int": (re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\Z"), int),
    f"{_TAG}float": (
        re.compile(r"(?=.*[.eE])[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z"),
        float,
    ),
    f"{_TAG}str": (re.compile(""), str),
}


class _Nodes(yaml.composer.Composer, yaml.resolver.Resolver):
    """What libyaml reads, composed here: composed there, brackets that are nested 100,000 deep end the process."""

    def __init__(self, text: str) -> None:
        yaml.composer.Composer.__init__(self)
        yaml.resolver.Resolver.__init__(self)
        self.yaml_implicit_resolvers = {None: [(tag, pattern) for tag, (pattern, _) in _SCALARS.items()]}
        self.events: Any = yaml.CSafeLoader(text)
        self.check_event = self.events.check_event
        self.peek_event = self.events.peek_event
        self.get_event = self.events.get_event


class UnreadableError(Exception):
    """The text is not one YAML document of plain values."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Source:
    """What the file says. Of a key that is written twice the first value counts, and `repeated` tells.

    `merged` has the merge keys of YAML 1.1: nothing is merged, so without what they stand for nothing else is told.
    Of what gives no value `nulls` says so in a word, and `empty` has nothing there at all. `takes_nothing` has the
    nulls of a file on top of another one that has nothing there.
    """

    data: Any
    written: Written
    repeated: list[Problem]
    merged: list[Problem] = field(default_factory=list)
    nulls: frozenset[Place] = frozenset()
    empty: frozenset[Place] = frozenset()
    takes_nothing: frozenset[Place] = frozenset()


def read_source(text: str, file: str) -> Source:
    """Read one YAML map, the text of `file`.

    Raises UnreadableError when the text is empty, not YAML, or more of YAML than plain values.
    """
    node = _compose(text)
    if node is None:
        raise UnreadableError("the file is empty; write the settings of a gateway, starting with name: acme-ml")
    if not isinstance(node, yaml.MappingNode):
        raise UnreadableError("the file is not a map; write settings such as name: acme-ml", _line(node))
    reader = _Reader(file)
    data = reader.read(node, ())
    return Source(
        data=data,
        written=Written(reader.spots),
        repeated=reader.repeated,
        merged=reader.merged,
        nulls=frozenset(reader.nulls),
        empty=frozenset(reader.empty),
    )


def _compose(text: str) -> yaml.Node | None:
    if not yaml.__with_libyaml__:
        raise UnreadableError("cannot be read, as PyYAML was built without libyaml; install one of its wheels")
    nodes = _Nodes(text)
    try:
        return nodes.get_single_node()
    except yaml.reader.ReaderError as error:
        line = text.encode().count(b"\n", 0, error.position) + 1
        raise UnreadableError(f"the character {error.character:#x} is not text; take it out", line) from None
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(error, text) from None
    except RecursionError:
        raise UnreadableError(_TOO_DEEP, nodes.events.peek_event().start_mark.line + 1) from None


def _not_yaml(error: yaml.MarkedYAMLError, text: str) -> UnreadableError:
    # A file that ends too early ends on its last line, where libyaml tells the one after it.
    line = min(error.problem_mark.line, text.rstrip().count("\n")) + 1 if error.problem_mark else 1
    tabbed = next((number for number, each in enumerate(text.split("\n"), 1) if re.match(" *\t *[^\\s#]", each)), None)
    if (tabbed or line + 1) <= line:
        return UnreadableError("a tab stands where YAML takes spaces alone; write spaces", min(tabbed or line, line))
    if error.context == "expected a single document in the stream":
        return UnreadableError("a second document starts here; one file describes one gateway", line)
    return UnreadableError(f"not YAML: {error.problem}; check the indentation, colons and quotes before this", line)


class _Reader:
    """Turns nodes into plain values and notes where each one stood."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.spots: dict[Place, Spot] = {}
        self.repeated: list[Problem] = []
        self.merged: list[Problem] = []
        self.nulls: list[Place] = []
        self.empty: list[Place] = []

    def read(self, node: yaml.Node, place: Place) -> Any:
        line = _line(node)
        self.spots.setdefault(place, Spot(self.file, line))
        if len(place) > MOST_LEVELS:
            raise UnreadableError(_TOO_DEEP, line)
        if len(self.spots) > MOST_VALUES:
            raise UnreadableError(f"more than {MOST_VALUES} values are given; write out what an alias repeats", line)
        match node:
            case yaml.MappingNode(tag=tag) if tag == f"{_TAG}map":
                return self._read_map(node, place)
            case yaml.SequenceNode(tag=tag) if tag == f"{_TAG}seq":
                return [self.read(item, (*place, index)) for index, item in enumerate(node.value)]
            case yaml.ScalarNode():
                value = _read_scalar(node)
                if value is Empty:
                    (self.nulls if node.value else self.empty).append(place)
                return value
        raise _unknown_tag(node)

    def _read_map(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = _line(key_node)
            if not isinstance(key_node, yaml.ScalarNode):
                raise UnreadableError("a list or a map stands where a key should be; write a name", line)
            _read_scalar(key_node)
            key = key_node.value
            inner = (*place, key)
            if key == _MERGE and not key_node.style:
                self.merged.append(problem_at(Spot(self.file, line), inner, _MERGED))
                continue
            if key in values:
                message = f"written twice, on line {self.spots[inner].line} and on line {line}; keep one"
                self.repeated.append(problem_at(Spot(self.file, line), inner, message))
                continue
            self.spots[inner] = Spot(self.file, line)
            values[key] = self.read(value_node, inner)
        return values


def _read_scalar(node: yaml.ScalarNode) -> Any:
    if node.tag not in _SCALARS:
        raise _unknown_tag(node)
    pattern, convert = _SCALARS[node.tag]
    if not pattern.match(node.value):
        raise UnreadableError(
            f"{shown(node.value)} cannot be read as {_short(node.tag)}; write it plainly", _line(node)
        )
    return convert(node.value)


def _unknown_tag(node: yaml.Node) -> UnreadableError:
    return UnreadableError(f"the tag {_short(node.tag)} has no meaning here; write the plain value", _line(node))


def _short(tag: str) -> str:
    return tag.replace(_TAG, "!!")


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
