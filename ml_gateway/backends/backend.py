"""What every kind of backend has in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from ml_gateway.serving import Route


@dataclass(frozen=True, kw_only=True, slots=True)
class RouteIntegration:
    """How one route reaches its backend: the integration, and what its method has to declare for it.

    `request_parameters` and `method_responses` are the method's. `overrides` are properties of the method that the
    L2 construct has no way to set: they are part of the deployment as much as the integration is.
    """

    integration: apigateway.Integration
    request_parameters: Mapping[str, bool] = field(default_factory=dict)
    method_responses: Sequence[apigateway.MethodResponse] = ()
    overrides: Mapping[str, str] = field(default_factory=dict)


class Backend(Protocol):
    """The server behind a model. A small value; it turns itself into an integration for each route it serves."""

    def integration_for(self, scope: Construct, route: Route) -> RouteIntegration:
        """How `route` reaches this backend. What that needs beside the method is defined in `scope`, once."""
        ...


def namespace(scope: Construct, name: str) -> Construct:
    """The construct called `name` in `scope`: where a backend keeps what all its routes share."""
    found = scope.node.try_find_child(name)
    return found if isinstance(found, Construct) else Construct(scope, name)
