"""What a document says of an operation or of an error, in the words of the file that the gateway is made from."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ml_gateway.review.assembly import Json
from ml_gateway.review.differences import Difference
from ml_gateway.review.documents import INTEGRATION

_INTEGRATION: Final = {
    "uri": "backend",
    "integrationTarget": "load balancer",
    "connectionId": "VPC link",
    "connectionType": "connection",
    "httpMethod": "backend's method",
    "credentials": "role",
    "timeoutInMillis": "timeout",
    "type": "integration",
}
_REQUEST_PARAMETERS: Final = {"integration.request.header.": "header ", "integration.request.path.": "variable "}
_ERRORS: Final = {"statusCode": "status", "responseTemplates": "body", "responseParameters": "headers"}
_VARIABLE: Final = re.compile(r"(\{|\.path\.)(\w+)")
# Of a URL `https://host` and of an ARN its beginning: what always stays when equal ends are left out.
_FEWEST_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class Quoted:
    """Text from a template, which comes from whoever opened the pull request. All other text is our own."""

    text: str


Words = tuple[str | Quoted, ...]


def described(operation: Json) -> Json:
    """What there is to say of an operation: what -> value. What the file has no word for keeps the document's."""
    content = dict(operation)
    integration = content.pop(INTEGRATION, None)
    if not isinstance(integration, dict):
        return {**content, "integration": integration}
    return {**content, **dict(_described(integration))}


def described_error(error: Any) -> Any:
    """A gateway response: its status, headers and body."""
    return {_ERRORS.get(name, name): value for name, value in error.items()} if isinstance(error, dict) else error


def with_variables(value: Any, names: Mapping[str, str]) -> Any:
    """What a document says of an operation, with other names for the variables of its path: old -> new."""
    match value:
        case str():
            return _VARIABLE.sub(lambda found: found[1] + names.get(found[2], found[2]), value)
        case list():
            return [with_variables(part, names) for part in value]
        case {"in": "path", "name": str(name), **others}:
            return {"in": "path", "name": names.get(name, name), **others}
        case dict():
            return {with_variables(name, names): with_variables(part, names) for name, part in value.items()}
    return value


def without_equal_end(difference: Difference) -> Difference:
    """Of two backends what differs: the routes of a protocol all end alike below their base URLs."""
    old, new = difference.old, difference.new
    if difference.path != "backend" or not isinstance(old, str) or not isinstance(new, str):
        return difference
    before, after = old.split("/"), new.split("/")
    while min(len(before), len(after)) > _FEWEST_PARTS and before[-1] == after[-1]:
        before.pop()
        after.pop()
    return Difference(path=difference.path, old="/".join(before), new="/".join(after))


def _described(integration: Json) -> Iterator[tuple[str, Any]]:
    for name, value in integration.items():
        if name == "requestParameters" and isinstance(value, dict):
            yield from ((_parameter(parameter), text) for parameter, text in value.items())
        elif name == "timeoutInMillis":
            yield _INTEGRATION[name], _duration(value)
        elif name in _INTEGRATION:
            yield _INTEGRATION[name], joined(value)
        elif name != "responseTransferMode":
            yield f"integration.{name}", value
    mode = integration.get("responseTransferMode", "BUFFERED")
    yield "stream", {"STREAM": True, "BUFFERED": False}.get(mode, mode) if isinstance(mode, str) else mode


def _parameter(name: str) -> str:
    for start, word in _REQUEST_PARAMETERS.items():
        if name.startswith(start):
            return word + name.removeprefix(start)
    return name


def _duration(value: Any) -> Any:
    """As the file writes it."""
    if type(value) is not int:
        return value
    for unit, milliseconds in (("m", 60_000), ("s", 1000)):
        if value and value % milliseconds == 0:
            return f"{value // milliseconds}{unit}"
    return f"{value}ms"


def joined(value: Any) -> Any:
    """What `Fn::Join` puts together, as one text with `${...}` for each reference in it."""
    match value:
        case {"Fn::Join": [str(between), list(parts)]} if len(value) == 1:
            texts = [_text(part) for part in parts]
            return between.join(texts) if all(isinstance(text, str) for text in texts) else value
    return value


def _text(part: Any) -> Any:
    match part:
        case {"Ref": str(name)} if len(part) == 1:
            return f"${{{name}}}"
        case {"Fn::GetAtt": [str(name), str(attribute)]} if len(part) == 1:
            return f"${{{name}.{attribute}}}"
    return part
