"""What a model offers: routes as plain values."""

from ml_gateway.routes.route import Route
from ml_gateway.routes.serving import routes_of

__all__ = ["Route", "routes_of"]
