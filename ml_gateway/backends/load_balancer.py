"""A backend behind a load balancer in a VPC: an ECS service, an EC2 instance, or anything else there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

from aws_cdk import Token
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from constructs import Construct

from ml_gateway.backends.backend import Operation
from ml_gateway.backends.checked import check
from ml_gateway.backends.http_proxy import HttpServer, http_proxy
from ml_gateway.backends.scopes import namespace, stage_of, tell
from ml_gateway.config import LoadBalancerBackendConfig
from ml_gateway.serving import Route

_LISTENER: Final = re.compile(r"(arn:[^/]+):listener/([^/]+/[^/]+/[^/]+)/[^/]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadBalancerBackend(HttpServer):
    """An internal ALB or NLB, reached through a VPC link V2: no public address is needed.

    `load_balancer` and `listener` are ARNs, at least one of them: of a listener its load balancer is called. The VPC
    link is either an existing one, `vpc_link` (its id), or one defined for `subnets` and `security_groups`. All of it
    belongs to the API's account.

    `host` goes into the request's Host header, and is what the certificate has to name when `tls` is on. `port` is the
    listener's. There is no URL that would say where routes begin: of a protocol it is its usual base URL (`/v1` for
    openai), and a raw route keeps its path. What it is sent: `HttpServer`. `name` is the construct id of what is
    defined. Errors: what the section of the file refuses; of values that only CloudFormation knows nothing is checked.

    API Gateway documents that it puts the stage in front of the path that the backend sees (`/v1/predict`); a sample of
    AWS, deployed by its authors, has no stage there. Synthesis prints both paths, once: a backend that answers both is
    safe. docs/backends.md has the sources. Not verified live.
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

    def __post_init__(self) -> None:
        check(self, LoadBalancerBackendConfig)

    def operation_for(self, scope: Construct, route: Route) -> Operation:
        path = route.path_at_address
        own = namespace(scope, self.name, first=lambda own: _tell_of_the_stage(own, path))
        scheme = "https" if self.tls else "http"
        return http_proxy(
            f"{scheme}://{self.host}:{self.port}{path}",
            route,
            headers=self.sent,
            connection={
                "connectionType": "VPC_LINK",
                "connectionId": self.vpc_link or self._define_vpc_link(own).attr_vpc_link_id,
                "integrationTarget": integration_target(load_balancer=self.load_balancer, listener=self.listener),
            },
        )

    def _define_vpc_link(self, own: Construct) -> apigatewayv2.CfnVpcLink:
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


def _tell_of_the_stage(own: Construct, path: str) -> None:
    text = (
        f"the backend sees {path} or /{stage_of(own)}{path}: AWS documents the stage in front of the path, a sample of "
        "AWS that was deployed has none there; let it answer both, as docs/cookbook.md shows"
    )
    tell(own, "StageInFrontOfThePath", text)


def integration_target(*, load_balancer: str | None, listener: str | None) -> str:
    """The ARN that API Gateway calls the integration target: that of the load balancer.

    The developer guide ("Set up a private integration") gives the load balancer's, and so does all that was deployed
    (aws-cdk#36247, aws-samples/serverless-patterns#2868); the API reference alone speaks of a listener. The ARN of a
    listener has that of its load balancer in it. Not verified live.
    """
    if load_balancer is not None:
        return load_balancer
    if listener is None:
        raise ValueError("a load balancer backend has neither load_balancer nor listener; give the ARN of one")
    of = None if Token.is_unresolved(listener) else _LISTENER.fullmatch(listener)
    if of is None:
        raise ValueError(f"{listener!r} does not tell the ARN of its load balancer; give load_balancer")
    return f"{of[1]}:loadbalancer/{of[2]}"
