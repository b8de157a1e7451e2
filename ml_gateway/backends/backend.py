"""What every kind of backend has in common."""

from typing import Protocol

from aws_cdk import aws_apigateway as apigateway

from ml_gateway.routes import Route


class Backend(Protocol):
    """The server behind a model. A small value; it turns itself into an integration for each route it serves."""

    def integration_for(self, route: Route) -> apigateway.Integration:
        """The proxy integration that carries `route` to this backend."""
        ...
