"""Rules between the edge and the models behind it."""

from collections.abc import Iterator

from ml_gateway.config.cache_rules import Models
from ml_gateway.config.edge import EdgeConfig
from ml_gateway.config.serving_rules import Routes
from ml_gateway.config.types.quantities import format_duration
from ml_gateway.conflicts import ConflictError, Place
from ml_gateway.serving import answers
from ml_gateway.wording import shown


def shared_errors(edge: EdgeConfig, models: Models, routes: Routes) -> Iterator[ConflictError]:
    """Errors that would be kept where the cache key does not tell callers apart: where nothing else is kept."""
    if not edge.error_caching:
        return
    kept = format_duration(edge.error_caching)
    reason = (
        "one caller's 404 or 500 would be served to all others of that path, because the key of that cache has no "
        "Authorization"
    )
    at = ("edge", "error_caching")
    uncached = next((name for name, model in models.items() if model.cache is not None and not model.cache.keeps), None)
    streamed = any(route.streams and route.cacheable for each in routes.values() for route in each)
    if edge.cache is None:
        # Where a model needs cache: 0s, edge.cache would lead to the next conflict.
        unfit = uncached is not None or streamed
        way_out = "leave the line out" if unfit else "write edge.cache, or leave the line out"
        message = f"{kept} needs edge.cache: without it {reason}; {way_out}"
        yield ConflictError(message, at, ("edge", "cache"))
    elif uncached is not None:
        message = (
            f"{kept} cannot be beside cache: 0s of model {shown(uncached)}: there {reason}; leave one of the two out"
        )
        yield ConflictError(message, at, ("edge", "cache"), ("models", uncached, "cache"))


def hidden_routes(edge: EdgeConfig, routes: Routes) -> Iterator[ConflictError]:
    """A route that the health check of the edge would answer in a model's place."""
    for name, each in routes.items():
        for route in each:
            if edge.health and route.http_method in ("GET", "HEAD") and answers(route.path, edge.health):
                message = (
                    f"{shown(edge.health)} is answered by model {shown(name)}, at {shown(route.path)}; "
                    "give one of them another path"
                )
                depends: list[Place] = [("models", name, key) for key in ("path", "protocol", "methods")]
                yield ConflictError(message, ("edge", "health"), *depends)
                return
