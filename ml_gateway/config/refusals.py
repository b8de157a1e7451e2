"""What a section of the file refuses, refused of the same settings where Python gives them in another form."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ml_gateway.config.section import ConflictError, Section
from ml_gateway.wording import shown, shown_place


def refuse_as_in_the_file(section: type[Section], settings: Mapping[str, object], *, of: str) -> None:
    """Raise ValueError with all that `section` refuses of these `settings`, each by itself and together.

    What the section wants beside them is not missed. Nothing is said of a value that only CloudFormation will know.
    `of`: what they are settings of, for the message.
    """
    known = {name: value for name, value in settings.items() if _is_known(value)}
    stand_ins = {
        name: (field.examples or [None])[0]
        for name, field in section.model_fields.items()
        if name not in known and (name in settings or field.is_required())
    }
    said: Any = {**stand_ins, **known}
    try:
        section(**said)
    except ValidationError as refusal:
        wrong = [error for error in refusal.errors(include_url=False) if not _rests_on(error, stand_ins)]
        lines = [f"{of}.{shown_place(error['loc'])}: {_message(error)}" for error in wrong]
        if lines:
            raise ValueError("\n".join(lines)) from None


def refuse_setting(section: type[Section], setting: str, value: object, *, of: str) -> None:
    """Raise ValueError with what `section` refuses of one setting, which is called `of` in Python."""
    try:
        refuse_as_in_the_file(section, {setting: value}, of="")
    except ValueError as refusal:
        raise ValueError(
            "\n".join(f"{of}{line.removeprefix(f'.{setting}')}" for line in str(refusal).splitlines())
        ) from None


def _is_known(value: object) -> bool:
    """Constructs are not, and neither are tokens of CDK, in whatever kind of value."""
    return not hasattr(type(value), "__jsii_type__") and "{Token[" not in str(value)


def _rests_on(error: ErrorDetails, stand_ins: Mapping[str, object]) -> bool:
    cause = error.get("ctx", {}).get("error")
    read = cause.read if isinstance(cause, ConflictError) else ()
    return any(place[0] in stand_ins for place in (error["loc"], *read))


def _message(error: ErrorDetails) -> str:
    match error["type"]:
        case "literal_error":
            return f"{shown(error['input'])} is not known here; write {error['ctx']['expected']}"
        case "greater_than_equal":
            return f"{error['input']} is too small; write {error['ctx']['ge']} or more"
        case "less_than_equal":
            return f"{error['input']} is too large; write at most {error['ctx']['le']}"
    return str(error.get("ctx", {}).get("error", error["msg"]))
