"""The servers behind the models, as the file describes them: one value for each type of backend."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StrictBool

from ml_gateway.config.rules import misnamed, unencrypted
from ml_gateway.config.section import FrozenModel
from ml_gateway.config.types.annotated import ReadOnlyMap
from ml_gateway.config.types.backend_fields import (
    EndpointName,
    Function,
    HeaderValue,
    Host,
    ListenerArn,
    LoadBalancerArn,
    Port,
    SecretName,
    SecretVersion,
    SecurityGroups,
    Subnets,
    TargetModel,
    VpcLinkId,
)
from ml_gateway.config.types.fields import Url
from ml_gateway.config.types.headers import HEADER_NAME, check_sent_header
from ml_gateway.conflicts import ConflictError
from ml_gateway.wording import shown


class BearerConfig(FrozenModel):
    """The token of a model's provider, kept in Secrets Manager in the API's region."""

    secret: SecretName = Field(examples=["acme-ml/provider-token"])
    """The name of the secret, whose whole value is the token."""

    version: SecretVersion = Field(examples=["a1b2c3d4-5678-90ab-cdef-EXAMPLE11111"])
    """The version id to read: it is read once, so another token takes another version here."""


class HttpBackendConfig(FrozenModel):
    """A server with a URL of its own."""

    type: Literal["http"] = Field(examples=["http"])
    """Reached over the public network."""

    url: Url = Field(examples=["https://model.example.com"])
    """An absolute URL, without user name or password: what a raw model calls, and the base of all other protocols."""

    headers: Annotated[Mapping[str, HeaderValue], Field(examples=[{"X-Tenant": "acme"}]), ReadOnlyMap(HEADER_NAME)] = {}
    """Fixed request headers, replacing the caller's of that exact name. Not for authorization: docs/credentials.md."""

    bearer: BearerConfig | None = Field(
        None, examples=[{"secret": "acme-ml/provider-token", "version": "a1b2c3d4-5678-90ab-cdef-EXAMPLE11111"}]
    )
    """What to send as Authorization, instead of what the caller sent. Default: the caller's."""

    insecure: StrictBool = Field(False, examples=[True])
    """Accept an http:// URL: requests then travel from API Gateway to the model unencrypted."""

    def _conflicts(self) -> Iterator[ConflictError]:
        yield from unencrypted(self.url, insecure=self.insecure)
        yield from misnamed("headers", self.headers, check_sent_header)
        first: dict[str, str] = {}
        for header in self.headers:
            other = first.setdefault(header.lower(), header)
            if other != header:
                message = f"{shown(header)} is the same header as {shown(other)}; keep one"
                yield ConflictError(message, ("headers", header), ("headers", other))


class SagemakerBackendConfig(FrozenModel):
    """A SageMaker endpoint in the account and region of the API."""

    type: Literal["sagemaker"] = Field(examples=["sagemaker"])
    """Invoked by API Gateway itself."""

    endpoint: EndpointName = Field(examples=["fraud-prod"])
    """The name of the endpoint."""

    inference_component: EndpointName | None = Field(None, examples=["fraud-v2"])
    """The inference component to invoke. Default: the caller chooses."""

    target_variant: EndpointName | None = Field(None, examples=["AllTraffic"])
    """The production variant to invoke. Default: the caller chooses."""

    target_model: TargetModel | None = Field(None, examples=["fraud.tar.gz"])
    """The model of a multi-model endpoint to invoke. Default: the caller chooses."""


class LambdaBackendConfig(FrozenModel):
    """A Lambda function in the account and region of the API."""

    type: Literal["lambda"] = Field(examples=["lambda"])
    """Invoked by API Gateway itself, with the whole request."""

    function: Function = Field(examples=["fraud:live"])
    """Its name or ARN, either with or without :alias or :version."""


class LoadBalancerBackendConfig(FrozenModel):
    """What stands behind an application or network load balancer in a VPC, reached through a VPC link V2."""

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [
                {"anyOf": [{"required": ["load_balancer"]}, {"required": ["listener"]}]},
                {"oneOf": [{"required": ["subnets"]}, {"required": ["vpc_link"]}]},
            ]
        }
    )

    type: Literal["load_balancer"] = Field(examples=["load_balancer"])
    """Reached over a private network."""

    load_balancer: LoadBalancerArn | None = Field(
        None, examples=["arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/llm/0123456789abcdef"]
    )
    """The ARN of the load balancer; it, the listener's or both."""

    listener: ListenerArn | None = Field(
        None,
        examples=[
            "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/llm/0123456789abcdef/fedcba9876543210"
        ],
    )
    """The ARN of the listener; it, the load balancer's or both."""

    vpc_link: VpcLinkId | None = Field(None, examples=["a1b2c3"])
    """The id of an existing VPC link V2. Default: one is defined for the subnets."""

    subnets: Subnets = Field((), examples=[["subnet-0123456789abcdef0", "subnet-0fedcba9876543210"]])
    """The subnets from which a VPC link of the gateway's own reaches the load balancer."""

    security_groups: SecurityGroups = Field((), examples=[["sg-0123456789abcdef0"]])
    """The security groups of that VPC link. Default: that of the VPC."""

    host: Host = Field(examples=["llama.internal"])
    """What goes into the Host header, and what a certificate of the load balancer has to name."""

    port: Port | None = Field(None, examples=[8443])
    """The port of the listener. Default: 443 with tls, else 80."""

    tls: StrictBool = Field(False, examples=[True])
    """Whether the listener takes HTTPS or TLS."""

    def _conflicts(self) -> Iterator[ConflictError]:
        if self.load_balancer is None and self.listener is None:
            message = "missing; write load_balancer or listener, with the ARN of one"
            yield ConflictError(message, ("load_balancer",), ("listener",))
        if not (self.load_balancer is None or self.listener is None or self._belong_together()):
            message = f"{shown(self.listener)} is of another load balancer; leave one of the two out"
            yield ConflictError(message, ("listener",), ("load_balancer",))
        if self.vpc_link is None and not self.subnets:
            message = "missing; write subnets, from which to reach the load balancer, or the id of a vpc_link"
            yield ConflictError(message, ("subnets",), ("vpc_link",))
        if self.vpc_link is not None and self.subnets:
            message = f"{shown(self.vpc_link)} has subnets of its own; write vpc_link or subnets, not both"
            yield ConflictError(message, ("vpc_link",), ("subnets",))
        if self.security_groups and not self.subnets:
            message = "has no effect without subnets: an existing VPC link has its own; leave the line out"
            yield ConflictError(message, ("security_groups",), ("subnets",), ("vpc_link",))

    def _belong_together(self) -> bool:
        return str(self.listener).startswith(str(self.load_balancer).replace(":loadbalancer/", ":listener/") + "/")


BackendConfig = Annotated[
    HttpBackendConfig | SagemakerBackendConfig | LambdaBackendConfig | LoadBalancerBackendConfig,
    Field(discriminator="type", examples=[{"type": "http", "url": "https://model.example.com"}]),
]
