"""The servers behind the models, as the file describes them: one value for each type of backend."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, StrictBool

from ml_gateway.config.section import Choice, Section, between
from ml_gateway.config.types.annotated import ReadOnlyMap
from ml_gateway.config.types.aws import (
    CustomAttributes,
    EndpointName,
    Function,
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
from ml_gateway.config.types.by_region import ByRegion
from ml_gateway.config.types.headers import HEADER_NAME, HeaderValue, check_clear_header, check_sent_header
from ml_gateway.config.types.urls import Url, unencrypted, unsigned
from ml_gateway.config.types.web import Host
from ml_gateway.conflicts import Conflict, refused_names
from ml_gateway.wording import shown

BY_REGION: Final = frozenset({"function", "load_balancer", "listener", "vpc_link", "subnets", "security_groups"})
"""Settings of backends that take a map with a value for each region."""


class SecretConfig(Section):
    """A credential for a backend, kept in Secrets Manager in the API's region."""

    secret: SecretName = Field(examples=["acme-ml/provider-token"])
    """The name of the secret, whose whole value is the credential."""

    version: SecretVersion = Field(examples=["a1b2c3d4-5678-90ab-cdef-EXAMPLE11111"])
    """The version id to read: it is read once, so another value takes another version here."""


_SECRET: Final = {"secret": "acme-ml/provider-token", "version": "a1b2c3d4-5678-90ab-cdef-EXAMPLE11111"}


class HttpServerConfig(Section):
    """What an HTTP server is sent, wherever it is reached. Each header replaces the caller's of that name."""

    type: str

    headers: Annotated[Mapping[str, HeaderValue], Field(examples=[{"X-Tenant": "acme"}]), ReadOnlyMap(HEADER_NAME)] = {}
    """Request headers: a fixed text, or one variable of the path alone, such as '{id}'. Not for credentials, as the
    template shows them: docs/credentials.md."""

    secret_headers: Annotated[
        Mapping[str, SecretConfig], Field(examples=[{"api-key": _SECRET}]), ReadOnlyMap(HEADER_NAME)
    ] = {}
    """Request headers with the value of a secret."""

    bearer: SecretConfig | None = Field(default=None, examples=[_SECRET])
    """The token to send as Authorization: Bearer. Default: the caller's Authorization."""

    @property
    def secrets(self) -> Mapping[str, SecretConfig]:
        """What this server is sent of the gateway's own, by the header: `bearer` as Authorization."""
        return {**self.secret_headers, **({"Authorization": self.bearer} if self.bearer else {})}

    @property
    def authorized(self) -> bool:
        """Whether Authorization is one of them."""
        return any(header.lower() == "authorization" for header in self.secrets)

    @between("headers")
    def _headers_can_be_sent(self) -> Iterator[Conflict]:
        for header, message in refused_names(self.headers, check_clear_header):
            yield Conflict(message, ("headers", header))

    @between("secret_headers")
    def _secret_headers_can_be_sent(self) -> Iterator[Conflict]:
        for header, message in refused_names(self.secret_headers, check_sent_header):
            yield Conflict(message, ("secret_headers", header))

    @between("headers", "secret_headers", "bearer")
    def _headers_are_given_once(self) -> Iterator[Conflict]:
        first = {"authorization": ("bearer", "Authorization")} if self.bearer else {}
        for place, headers in (("headers", self.headers), ("secret_headers", self.secret_headers)):
            for header in headers:
                other_place, other = first.setdefault(header.lower(), (place, header))
                if other_place != place:
                    yield Conflict(f"{shown(header)} is sent by {other_place} already; keep one", (place, header))
                elif other != header:
                    yield Conflict(f"{shown(header)} is the same header as {shown(other)}; keep one", (place, header))


class HttpBackendConfig(HttpServerConfig):
    """A server with a URL of its own."""

    type: Literal["http"] = Field(examples=["http"])
    """Reached over the public network."""

    url: Url = Field(examples=["https://model.example.com"])
    """An absolute URL on the internet, without credentials: what a raw model calls, and else the base URL that the
    protocol's own clients take. {region} in it is the region that calls."""

    insecure: StrictBool = Field(default=False, examples=[True])
    """Accept an http:// URL: requests then travel from API Gateway to the model unencrypted."""

    @between("url", "insecure")
    def _unencrypted_is_accepted(self) -> Iterator[Conflict]:
        yield from unencrypted(self.url, insecure=self.insecure)

    @between("url", "bearer", "secret_headers")
    def _unsigned_is_accepted(self) -> Iterator[Conflict]:
        yield from unsigned(self.url, authorized=self.authorized)


class SagemakerBackendConfig(Section):
    """A SageMaker endpoint in the account and region of the API."""

    type: Literal["sagemaker"] = Field(examples=["sagemaker"])
    """Invoked by API Gateway itself."""

    endpoint: EndpointName = Field(examples=["fraud-prod"])
    """The name of the endpoint."""

    inference_component: EndpointName | None = Field(default=None, examples=["fraud-v2"])
    """The inference component to invoke. Default: the caller chooses."""

    target_variant: EndpointName | None = Field(default=None, examples=["AllTraffic"])
    """The production variant to invoke. Default: the caller chooses."""

    target_model: TargetModel | None = Field(default=None, examples=["fraud.tar.gz"])
    """The model of a multi-model endpoint to invoke: its archive, or one variable of the path alone, such as '{model}'.
    Default: the caller chooses."""

    custom_attributes: CustomAttributes | None = Field(default=None, examples=["tenant=acme"])
    """What the model reads as X-Amzn-SageMaker-Custom-Attributes: a text, or one variable of the path alone. Default:
    what the caller sends."""


class LambdaBackendConfig(Section):
    """A Lambda function in the account and region of the API."""

    type: Literal["lambda"] = Field(examples=["lambda"])
    """Invoked by API Gateway itself, with the whole request."""

    function: Annotated[str | Mapping[str, str], ByRegion(Function)] = Field(examples=["fraud:live"])
    """Its name or ARN, either with or without :alias or :version; or a map with one for each region. A name holds in
    each."""


class LoadBalancerBackendConfig(HttpServerConfig):
    """What stands behind an application or network load balancer in a VPC, reached through a VPC link V2."""

    choices: ClassVar = (
        Choice(settings=("load_balancer", "listener"), missing="write load_balancer or listener, with the ARN of one"),
        Choice(
            settings=("subnets", "vpc_link"),
            missing="write subnets, from which to reach the load balancer, or the id of a vpc_link",
            both="{value} has subnets of its own; write vpc_link or subnets, not both",
        ),
    )

    type: Literal["load_balancer"] = Field(examples=["load_balancer"])
    """Reached over a private network."""

    load_balancer: Annotated[str | Mapping[str, str], ByRegion(LoadBalancerArn)] | None = Field(
        default=None,
        examples=["arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/llm/0123456789abcdef"],
    )
    """The ARN of the load balancer, which API Gateway calls; it, the listener's or both. With several regions a map
    with one for each, as with the four settings that follow."""

    listener: Annotated[str | Mapping[str, str], ByRegion(ListenerArn)] | None = Field(
        default=None,
        examples=[
            "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/llm/0123456789abcdef/fedcba9876543210"
        ],
    )
    """The ARN of one of its listeners, which tells the load balancer's; it, the load balancer's or both."""

    vpc_link: Annotated[str | Mapping[str, str], ByRegion(VpcLinkId)] | None = Field(default=None, examples=["a1b2c3"])
    """The id of an existing VPC link V2. Default: one is defined for the subnets."""

    subnets: Annotated[tuple[str, ...] | Mapping[str, tuple[str, ...]], ByRegion(Subnets)] = Field(
        default=(), examples=[["subnet-0123456789abcdef0", "subnet-0fedcba9876543210"]]
    )
    """The subnets from which a VPC link of the gateway's own reaches the load balancer."""

    security_groups: Annotated[tuple[str, ...] | Mapping[str, tuple[str, ...]], ByRegion(SecurityGroups)] = Field(
        default=(), examples=[["sg-0123456789abcdef0"]]
    )
    """The security groups of that VPC link. Default: that of the VPC."""

    host: Host = Field(examples=["llama.internal"])
    """What goes into the Host header, and what a certificate of the load balancer has to name."""

    port: Port | None = Field(default=None, examples=[8443])
    """The port of the listener. Default: 443 with tls, else 80."""

    tls: StrictBool = Field(default=False, examples=[True])
    """Whether the listener takes HTTPS or TLS."""

    @between("load_balancer", "listener")
    def _listener_is_of_the_load_balancer(self) -> Iterator[Conflict]:
        said = self.load_balancer or {}
        balancers = [said] if isinstance(said, str) else list(said.values())
        # An ARN has its region.
        of = {arn.split(":")[3]: arn for arn in balancers}
        by_region = self.listener if isinstance(self.listener, Mapping) else {"": self.listener or ""}
        for region, listener in by_region.items():
            balancer = of.get(listener.split(":")[3]) if listener else None
            if balancer and not listener.startswith(balancer.replace(":loadbalancer/", ":listener/") + "/"):
                message = f"{shown(listener)} is of another load balancer; leave one of the two out"
                yield Conflict(message, ("listener", *filter(None, [region])))

    @between("security_groups", "subnets", "vpc_link")
    def _security_groups_are_of_a_link_of_our_own(self) -> Iterator[Conflict]:
        if self.security_groups and not self.subnets:
            message = "has no effect without subnets: an existing VPC link has its own; leave the line out"
            yield Conflict(message, ("security_groups",))


BackendConfig = Annotated[
    HttpBackendConfig | SagemakerBackendConfig | LambdaBackendConfig | LoadBalancerBackendConfig,
    Field(discriminator="type", examples=[{"type": "http", "url": "https://model.example.com"}]),
]
