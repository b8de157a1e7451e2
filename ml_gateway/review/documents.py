"""The OpenAPI document of a REST API, as far as a review looks at it: operations by method and path."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ml_gateway import naming
from ml_gateway.review.assembly import Json, Resource
from ml_gateway.review.references import is_intrinsic
from ml_gateway.serving.paths import is_greedy, is_variable, parts_of

REST_API: Final = "AWS::ApiGateway::RestApi"
INTEGRATION: Final = "x-amazon-apigateway-integration"
ERRORS: Final = "x-amazon-apigateway-gateway-responses"

ANY: Final = "ANY"
"""The method of an operation that answers every method for which its path has no other."""

_METHODS: Final = {name: name.upper() for name in ("get", "put", "post", "delete", "options", "head", "patch")} | {
    "x-amazon-apigateway-any-method": ANY
}
_VARIABLE: Final = "{}"
_GREEDY: Final = "{+}"

Shape = tuple[str, ...]
"""The parts of a path, with the names of its variables left out: callers do not know them."""


class DocumentError(Exception):
    """The document is none that can be compared by method and path; the message says why, in words of our own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One method of one path. `model` is None where the template does not say whose path it is."""

    method: str
    path: str
    model: str | None
    asks_for_key: bool
    content: Json


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A document taken apart. `models` has what the paths of each begin with, `served_as` what they call it where that
    is not its name, `paused` those that answer with a 503, and `rest` what is in none of the others."""

    paths: Mapping[Shape, Mapping[str, Operation]]
    models: Mapping[str, str]
    served_as: Mapping[str, str]
    paused: frozenset[str]
    errors: Json
    rest: Json

    @property
    def operations(self) -> Iterator[Operation]:
        for methods in self.paths.values():
            yield from methods.values()

    def answering(self, method: str, path: str) -> Operation | None:
        """What answers the requests for which `method` of `path` is: the most specific path has them, or nobody."""
        shape = shape_of(path)
        methods = self.paths.get(shape)
        if methods is None:
            wider = (other for other in self.paths if covers(other, shape))
            nearest = min(wider, key=_generality, default=None)
            methods = self.paths[nearest] if nearest is not None else {}
        return methods.get(method, methods.get(ANY))


def read_document(rest_api: Resource) -> Document:
    """The document in the resource; an empty one if it has none. Errors: `DocumentError`."""
    body = _object(rest_api.properties.get("Body", {}), "it is no object")
    models = _of_models(rest_api, naming.MODELS_METADATA)
    owners = {path: model for model, path in models.items()}
    schemes = _schemes(body)
    paths: dict[Shape, Mapping[str, Operation]] = {}
    beside: Json = {}
    for path, value in _object(body.get("paths", {}), "its paths are no object").items():
        item = _object(value, "a path is no object")
        if shape_of(path) in paths:
            raise DocumentError("two of its paths differ in the names of variables alone")
        paths[shape_of(path)] = {
            _METHODS[name]: Operation(
                method=_METHODS[name],
                path=path,
                model=_owner(path, owners),
                asks_for_key=_asks_for_key(_object(content, "an operation is no object"), body, schemes),
                content=content,
            )
            for name, content in item.items()
            if name in _METHODS
        }
        if others := {name: content for name, content in item.items() if name not in _METHODS}:
            beside[path] = others
    return Document(
        paths={shape: methods for shape, methods in paths.items() if methods},
        models=models,
        served_as=_of_models(rest_api, naming.SERVED_AS_METADATA),
        paused=_paused(rest_api),
        errors=_object(body.get(ERRORS, {}), "its gateway responses are no object"),
        rest={**{name: value for name, value in body.items() if name not in ("paths", ERRORS)}, "paths": beside},
    )


def shape_of(path: str) -> Shape:
    return tuple((_GREEDY if is_greedy(part) else _VARIABLE) if is_variable(part) else part for part in parts_of(path))


def covers(wide: Shape, narrow: Shape) -> bool:
    """Whether `wide` takes every request that `narrow` takes."""
    for index, part in enumerate(wide):
        if index >= len(narrow):
            return False
        if part == _GREEDY:
            return True
        if narrow[index] == _GREEDY or part not in (narrow[index], _VARIABLE):
            return False
    return len(wide) == len(narrow)


def _generality(shape: Shape) -> tuple[int, ...]:
    return tuple({_VARIABLE: 1, _GREEDY: 2}.get(part, 0) for part in shape)


def _object(value: Any, otherwise: str) -> Json:
    if not isinstance(value, dict) or is_intrinsic(value):
        raise DocumentError(otherwise)
    return value


def _of_models(rest_api: Resource, metadata: str) -> Mapping[str, str]:
    found = rest_api.metadata.get(metadata)
    entries = found.items() if isinstance(found, dict) else ()
    return {model: text for model, text in entries if isinstance(text, str)}


def _paused(rest_api: Resource) -> frozenset[str]:
    found = rest_api.metadata.get(naming.PAUSED_METADATA)
    return frozenset(name for name in found if isinstance(name, str)) if isinstance(found, list) else frozenset()


def _owner(path: str, owners: Mapping[str, str]) -> str | None:
    """The model whose URL has the longest path at or above this one."""
    while path and path not in owners:
        path = path.rpartition("/")[0]
    return owners.get(path)


def _schemes(body: Json) -> frozenset[str]:
    """The names of everything that an operation may ask for; OpenAPI 2 has them elsewhere."""
    components = body.get("components")
    found = components.get("securitySchemes") if isinstance(components, dict) else body.get("securityDefinitions")
    return frozenset(found) if isinstance(found, dict) else frozenset()


def _asks_for_key(operation: Json, body: Json, schemes: frozenset[str]) -> bool:
    """Whether each way in asks for something that the document defines; one that asks for nothing is open to all."""
    ways = operation.get("security", body.get("security"))
    return (
        isinstance(ways, list)
        and bool(ways)
        and all(isinstance(way, dict) and bool(way) and schemes.issuperset(way) for way in ways)
    )
