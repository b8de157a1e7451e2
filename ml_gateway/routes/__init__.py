"""What a model offers: serving protocols and routes as plain values."""

from ml_gateway.routes.errors import GATEWAY_ERRORS, Dialect, GatewayError, error_body
from ml_gateway.routes.limits import MOST_RESOURCES_OF_AN_API, Misfit, misfits, resources_of_the_api
from ml_gateway.routes.protocols import PROTOCOLS, Protocol, ProtocolName
from ml_gateway.routes.route import Route
from ml_gateway.routes.serving import Serving

__all__ = [
    "GATEWAY_ERRORS",
    "MOST_RESOURCES_OF_AN_API",
    "PROTOCOLS",
    "Dialect",
    "GatewayError",
    "Misfit",
    "Protocol",
    "ProtocolName",
    "Route",
    "Serving",
    "error_body",
    "misfits",
    "resources_of_the_api",
]
