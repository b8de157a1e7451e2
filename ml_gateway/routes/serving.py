"""From a model in the file to the routes that it is served under."""

from ml_gateway.config import ModelConfig
from ml_gateway.routes.route import Route


def routes_of(name: str, model: ModelConfig) -> tuple[Route, ...]:
    """The routes of the model called `name`: its path, once for each of its methods."""
    return tuple(
        Route(http_method=method, path=model.path_for(name), timeout=model.timeout) for method in model.methods
    )
