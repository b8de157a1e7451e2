"""Each kind of backend: a value that turns itself into an API Gateway integration."""

from ml_gateway.backends.backend import Backend
from ml_gateway.backends.http import HttpBackend
from ml_gateway.backends.serving import backend_of

__all__ = ["Backend", "HttpBackend", "backend_of"]
