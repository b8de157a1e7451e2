"""Paths that API Gateway does not take beside each other, or at all: found in plain routes."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ml_gateway.serving.paths import is_variable, parts_of
from ml_gateway.serving.route import Route

USUAL_RESOURCES_OF_AN_API: Final = 300
"""API Gateway's default quota "Resources per API" (developer guide, Quotas for configuring and running a REST API),
which can be raised; each distinct prefix of a path is one, the root included."""

RESERVED_PATHS: Final = ("/ping", "/sping")
"""API Gateway keeps these for its own health checks."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """What is wrong with a path of the model `model`, in words; `other` is the model it collides with, if any."""

    model: str
    message: str
    other: str | None = None


def misfits(routes: Mapping[str, Collection[Route]], *, called: str = "model") -> Iterator[Misfit]:
    """Everything about the paths of all models (name -> routes) that would fail at deployment or answer wrongly.

    `called` is what messages call what has a name here.
    """
    owners: dict[tuple[str, str], str] = {}
    variables: dict[str, tuple[str, str]] = {}
    for model, each in routes.items():
        told: set[str] = set()
        for route in each:
            for misfit in (
                *_reserved(model, route),
                *_taken(model, route, owners, called),
                *_sibling_variables(model, route, variables, called),
            ):
                # Models that collide do so with most of their routes: the first says it all.
                cause = misfit.other or misfit.message
                if cause not in told:
                    told.add(cause)
                    yield misfit


def _reserved(model: str, route: Route) -> Iterator[Misfit]:
    if route.path in RESERVED_PATHS:
        yield Misfit(
            model, f"{route.path!r} is reserved by API Gateway; write another path, such as /models{route.path}"
        )


def _taken(model: str, route: Route, owners: dict[tuple[str, str], str], called: str) -> Iterator[Misfit]:
    other = owners.setdefault((route.http_method, route.path), model)
    if other != model:
        yield Misfit(model, f"{route.path!r} is a path of {called} {other!r} too; give one of them another path", other)


def _sibling_variables(
    model: str, route: Route, variables: dict[str, tuple[str, str]], called: str
) -> Iterator[Misfit]:
    """Two different variables below one path: both would match, so API Gateway refuses the second."""
    parts = route.path.split("/")
    for index, part in enumerate(parts):
        if not is_variable(part):
            continue
        parent = "/".join(parts[:index])
        first, other = variables.setdefault(parent, (part, model))
        if first != part:
            yield Misfit(
                model,
                f"{route.path!r} has {part} where {called} {other!r} has {first}; "
                "variables at the same place need the same name",
                other,
            )


def resources_of_the_api(routes: Iterable[Route]) -> int:
    """How many resources an API with these routes has: the root, and one for each distinct prefix of a path."""
    parts = (parts_of(route.path) for route in routes)
    return 1 + len({path[: length + 1] for path in parts for length in range(len(path))})
