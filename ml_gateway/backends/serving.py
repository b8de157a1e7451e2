"""From a model in the file to the backend that serves it."""

from ml_gateway.backends.backend import Backend
from ml_gateway.backends.http import HttpBackend
from ml_gateway.config import ModelConfig


def backend_of(model: ModelConfig) -> Backend:
    """The backend that the file names for `model`."""
    return HttpBackend(url=model.url, http_method=model.backend_method)
