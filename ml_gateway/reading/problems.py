"""From what pydantic refuses to lines that a reader of the file understands: every problem, in one go."""

import re
from copy import deepcopy
from typing import Any, Final

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ml_gateway.config.gateway import GatewayConfig
from ml_gateway.config.section import ConflictError
from ml_gateway.conflicts import Place, Problem, problem_at, problem_of, stands_on
from ml_gateway.design import GatewayDesign
from ml_gateway.reading.elsewhere import sections_with, way_out_of_foreign
from ml_gateway.reading.file_schema import example_at, schema_at, stand_in, types_at, without_tags
from ml_gateway.reading.removed import way_out_of_removed
from ml_gateway.reading.source import Empty, Source
from ml_gateway.rules import conflicts_of
from ml_gateway.wording import shown, suggestion

_OF_CREDENTIALS: Final = frozenset({"bearer", "headers", "secret_headers"})
"""Settings of a backend below which a credential is written, or may be."""

_TAKES_NOTHING: Final = "null, but nothing is said here below, so it takes nothing away; leave the line out"

_KINDS: Final = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a map",
    "model_type": "a map",
    "model_attributes_type": "a map",
}


def examined(source: Source) -> tuple[GatewayConfig | None, list[Problem]]:
    """The gateway that the values describe, and everything that is wrong with them.

    Pydantic looks at settings together only once each is right by itself. So what it refuses is put right and it
    looks again, until it finds nothing new; then come the rules. What rests on a value that was put right is not
    reported. With problems the gateway is that of the values as they were put right, if there is one.
    """
    problems: list[Problem] = []
    done: set[Place] = set()
    data = source.data
    config, errors = _validated(data)
    while new := [error for error in errors if error["loc"] not in done]:
        data = deepcopy(data)
        for error in new:
            if not _depends_on(done, error):
                told = _place_in_file(error)
                message = _TAKES_NOTHING if _takes_nothing(error, source) else _message(error)
                problems.append(problem_at(source.written.at(told), told, message))
            _put_right(data, error)
        done.update(error["loc"] for error in new)
        config, errors = _validated(data)
    if config is not None:
        refused = {without_tags(_setting(place)) for place in done}
        conflicts = conflicts_of(config, GatewayDesign.of(config), refused=refused)
        problems += [problem_of(conflict, source.written) for conflict in conflicts]
    return config, problems


def _takes_nothing(error: ErrorDetails, source: Source) -> bool:
    """Whether it is about a null that has a right name, but nothing below it."""
    return error["type"] != "extra_forbidden" and without_tags(error["loc"]) in source.takes_nothing


def _validated(data: Any) -> tuple[GatewayConfig | None, list[ErrorDetails]]:
    try:
        return GatewayConfig.model_validate(data), []
    except ValidationError as refusal:
        errors = refusal.errors(include_url=False)
        # A list with a wrong item counts as too short, too.
        lists = {error["loc"][:-1] for error in errors}
        return None, [error for error in errors if error["type"] != "too_short" or error["loc"] not in lists]


def _place_in_file(error: ErrorDetails) -> Place:
    place = without_tags(error["loc"])
    return (*place, "type") if error["type"].startswith("union_tag") else place


def _depends_on(done: set[Place], error: ErrorDetails) -> bool:
    """Whether the error is about a value that was put right before."""
    conflict, place, read = _conflict(error), error["loc"], list[Place]()
    if conflict is not None:
        section = place[: -len(conflict.at)]
        read = [(*section, *other) for other in conflict.read]
    refused = {_setting(each) for each in done}
    return stands_on([place], refused) or stands_on(read, refused, within=True)


def _conflict(error: ErrorDetails) -> ConflictError | None:
    cause = error.get("ctx", {}).get("error")
    return cause if isinstance(cause, ConflictError) else None


def _put_right(data: Any, error: ErrorDetails) -> None:
    """Leave out what may be left out; put an example in the place of what has to be there."""
    setting = _setting(error["loc"])
    *above, key = without_tags(setting)
    section = data
    for step in above:
        section = section.get(step) if isinstance(section, dict) else None
    if not isinstance(section, dict):
        return  # a section around it was just put right as a whole: left out, or written in its short form
    example = stand_in(setting)
    if example is None:
        section.pop(key, None)
    else:
        section[key] = deepcopy(example)


def _setting(place: Place) -> Place:
    """The list as a whole, for a place in a list."""
    return place if isinstance(place[-1], str) else _setting(place[:-1])


def _message(error: ErrorDetails) -> str:
    value, place, context = error["input"], error["loc"], error.get("ctx", {})
    if value is Empty and error["type"] != "extra_forbidden":
        return f"empty; {_way_out(place)}{' or leave the line out' if stand_in(place) is None else ''}"
    match error["type"]:
        case "value_error":
            return str(context["error"])
        case "missing":
            return f"missing; {_way_out(place)}"
        case "union_tag_not_found":
            return f"missing; {suggestion('', types_at(place))}"
        case "union_tag_invalid" if value["type"] is Empty:
            return f"empty; {suggestion('', types_at(place))}"
        case "union_tag_invalid":
            return f"{shown(value['type'])} is not known here; {suggestion(value['type'], types_at(place))}"
        case "extra_forbidden" if way_out := way_out_of_removed(without_tags(place)):
            return f"no longer a setting; {way_out}"
        case "extra_forbidden":
            return f"unknown key; {_way_out_of_unknown(place)}"
        case "literal_error":
            return f"{shown(value)} is not known here; {suggestion(value, schema_at(place)['enum'])}"
        case "too_short" | "string_too_short":
            return f"empty; {_way_out(place)}"
        case "too_long":
            return f"{len(value)} entries are too many; keep at most {context['max_length']}"
        case "string_too_long":
            return f"{len(value)} characters are too many; write at most {context['max_length']}"
        case "greater_than_equal":
            return f"{value} is too small; write {context['ge']} or more"
        case "less_than_equal":
            return f"{value} is too large; write at most {context['le']}"
        case "string_type" if isinstance(value, bool | int | float) and _fits_as_text(value, place):
            return f"{_shown(value, place)} is not text; put it in quotes"
        case kind:
            return f"{_shown(value, place)} is not {_KINDS.get(kind, 'a value for this')}; {_way_out(place)}"


def _way_out_of_unknown(place: Place) -> str:
    """What was meant by a key: in another tool, by a slip of the keyboard, or in another section."""
    key, settings = place[-1], schema_at(place[:-1])["properties"]
    guess = suggestion(key, settings)
    if foreign := way_out_of_foreign(place):
        return foreign
    # A setting of another type of backend is not written there, but into this type in its own words.
    sections = [each for each in sections_with(key) if not (each == "backends.<name>" and place[0] == "backends")]
    if guess.startswith("write") and sections:
        return f"it is a setting of {' and of '.join(sections)}; write it there"
    return guess


def _fits_as_text(value: object, place: Place) -> bool:
    """Whether it would be right in quotes, as far as its form says."""
    pattern = schema_at(place).get("pattern", "")
    return re.search(pattern, shown(value)) is not None


def _shown(value: object, place: Place) -> str:
    """The value, unless it may be a credential in the wrong place."""
    return "this" if place[0] == "backends" and _OF_CREDENTIALS.intersection(place) else shown(value)


def _way_out(place: Place) -> str:
    setting = _setting(place)
    example = example_at(setting)
    if example is None:
        return "write text"
    line = yaml.safe_dump({setting[-1]: example}, default_flow_style=True, sort_keys=False, width=1000)
    return f"write {line.strip()[1:-1]}"
