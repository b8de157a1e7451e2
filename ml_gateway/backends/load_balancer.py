"""A backend behind a load balancer in a VPC: an ECS service, an EC2 instance, or anything else there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from aws_cdk import aws_apigatewayv2 as apigatewayv2
from constructs import Construct

from ml_gateway.backends.backend import Operation
from ml_gateway.backends.checked import check
from ml_gateway.backends.http_proxy import http_proxy, with_secrets
from ml_gateway.backends.scopes import namespace
from ml_gateway.config import LoadBalancerBackendConfig, SecretConfig
from ml_gateway.serving import Route
from ml_gateway.serving.paths import in_url


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadBalancerBackend:
    """An internal ALB or NLB, reached through a VPC link V2: no public address is needed.

    `load_balancer` and `listener` are ARNs, at least one of them. The VPC link is either an existing one,
    `vpc_link` (its id), or one defined for `subnets` and `security_groups`. All of it belongs to the API's account.

    `host` goes into the request's Host header, and is what the certificate has to name when `tls` is on. `port` is the
    listener's. A raw route keeps its path: there is no URL that would say another one. `headers`, `secret_headers` and
    `bearer` are sent as by an `HttpBackend`. `name` is the construct id of what is defined. Errors: what the section of
    the file refuses; of values that only CloudFormation knows nothing is checked.

    API Gateway documents that it puts the stage in front of the path that the backend sees (`/v1/predict`); whether it
    does with a VPC link V2 was not verified live. A backend that accepts both paths is safe.
    """

    name: str
    host: str
    port: int
    tls: bool = False
    load_balancer: str | None = None
    listener: str | None = None
    vpc_link: str | None = None
    subnets: Sequence[str] = ()
    security_groups: Sequence[str] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    secret_headers: Mapping[str, SecretConfig] = field(default_factory=dict)
    bearer: SecretConfig | None = None

    def __post_init__(self) -> None:
        check(self, LoadBalancerBackendConfig)

    def operation_for(self, scope: Construct, route: Route) -> Operation:
        path = in_url(route.path) if route.backend_path is None else route.backend_path
        scheme = "https" if self.tls else "http"
        return http_proxy(
            f"{scheme}://{self.host}:{self.port}{path}",
            route,
            headers=with_secrets(self.headers, self.secret_headers, self.bearer),
            connection={
                "connectionType": "VPC_LINK",
                "connectionId": self.vpc_link or self._define_vpc_link(scope).attr_vpc_link_id,
                "integrationTarget": integration_target(load_balancer=self.load_balancer, listener=self.listener),
            },
        )

    def _define_vpc_link(self, scope: Construct) -> apigatewayv2.CfnVpcLink:
        own = namespace(scope, self.name)
        found = own.node.try_find_child("VpcLink")
        if found:
            return cast(apigatewayv2.CfnVpcLink, found)
        if not self.subnets:
            raise ValueError(
                f"backend {self.name!r} has neither vpc_link nor subnets; give one, or it cannot be reached"
            )
        # The L2 construct wants an IVpc, of which subnets and security groups alone are not enough to make one.
        return apigatewayv2.CfnVpcLink(
            own,
            "VpcLink",
            name=own.node.id,
            subnet_ids=list(self.subnets),
            security_group_ids=list(self.security_groups) or None,
        )


def integration_target(*, load_balancer: str | None, listener: str | None) -> str:
    """The ARN that API Gateway calls the integration target.

    Its developer guide ("Set up a private integration") gives the load balancer's, the CloudFormation reference speaks
    of the listener's. Here the load balancer's is used where it is known. Not verified live.
    """
    target = load_balancer or listener
    if target is None:
        raise ValueError("a load balancer backend has neither load_balancer nor listener; give the ARN of one")
    return target
