"""What happens at the edge, in front of the API."""

from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar, Final, Literal

from pydantic import Field, StrictBool

from ml_gateway.config.cache import CacheConfig
from ml_gateway.config.firewall import CountriesConfig, FirewallConfig
from ml_gateway.config.section import Choice, Section, between
from ml_gateway.config.types.aws import CertificateArn, HostedZoneId
from ml_gateway.config.types.countries import ONLY_IN_FIREWALL
from ml_gateway.config.types.durations import Lifetime, ResponseTimeout
from ml_gateway.config.types.headers import CorsHeaders
from ml_gateway.config.types.keys import KeyForms
from ml_gateway.config.types.urls import LiteralPath
from ml_gateway.config.types.web import ANY_WEB_ORIGIN, DomainName, WebOrigins
from ml_gateway.conflicts import Conflict
from ml_gateway.credentials import API_KEY_HEADER
from ml_gateway.wording import shown

LONGEST_CERTIFICATE_NAME: Final = 64
"""Characters (ACM API reference, RequestCertificate, DomainName)."""

MOST_SETTINGS_OF_THE_FUNCTION: Final = 3072
"""Characters of origins, headers and the health path: what CloudFront's 10 KB for a function leave beside its code."""

_AROUND_AN_ENTRY: Final = 3
"""Two quotes and a comma, or a comma and a space."""

PriceClass = Literal["PriceClass_100", "PriceClass_200", "PriceClass_All"]


class DomainConfig(Section):
    """A name of your own for the gateway."""

    choices: ClassVar = (
        Choice(
            settings=("hosted_zone", "certificate"),
            missing="write hosted_zone with the id of a zone of Route 53, or the ARN of a certificate",
        ),
    )

    name: DomainName = Field(examples=["ml.acme.com"])
    """The alternate domain name of the distribution, in lower case."""

    certificate: CertificateArn | None = Field(
        default=None, examples=["arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"]
    )
    """The ARN of a certificate for the name, in us-east-1. Default: one that the hosted zone validates."""

    hosted_zone: HostedZoneId | None = Field(default=None, examples=["Z0123456789ABCDEFGHIJ"])
    """The id of the public Route 53 zone that gets the alias records. Default: you make the records yourself."""

    origin: DomainName | None = Field(default=None, examples=["origin.ml.acme.com"])
    """The name in the hosted zone by which CloudFront reaches the API. Default: origin.<name>; without a hosted zone
    there is none, and the API is reached at its own address."""

    @between("origin", "hosted_zone", "name")
    def _origin_has_a_zone_and_a_name_of_its_own(self) -> Iterator[Conflict]:
        if self.origin is None:
            return
        if self.hosted_zone is None:
            message = "has no effect without hosted_zone, which gets its record; write that, or leave the line out"
            yield Conflict(message, ("origin",))
        if self.origin == self.name:
            message = f"{shown(self.origin)} is what callers use; write another, such as origin.{self.name}"
            yield Conflict(message, ("origin",))

    @property
    def origin_name(self) -> str:
        """The name by which CloudFront reaches the API, if there is a hosted zone for it."""
        return self.origin or f"origin.{self.name}"

    @between("name", "origin", "certificate")
    def _origin_fits_a_certificate_of_acm(self) -> Iterator[Conflict]:
        name = self.origin_name
        # Of a name that is too long by itself that alone is told.
        follows = self.origin is None and self.certificate is None and len(self.name) > LONGEST_CERTIFICATE_NAME
        if self.hosted_zone and len(name) > LONGEST_CERTIFICATE_NAME and not follows:
            message = (
                f"{shown(name)} has {len(name)} characters, and ACM takes {LONGEST_CERTIFICATE_NAME} for the first "
                "name of a certificate; write a shorter one here"
            )
            yield Conflict(message, ("origin",))

    @between("name", "certificate")
    def _name_fits_a_certificate_of_acm(self) -> Iterator[Conflict]:
        if self.certificate is None and self.hosted_zone and len(self.name) > LONGEST_CERTIFICATE_NAME:
            message = (
                f"{shown(self.name)} has {len(self.name)} characters, and ACM takes {LONGEST_CERTIFICATE_NAME} for the "
                "first name of a certificate; write a shorter one, or a certificate of your own"
            )
            yield Conflict(message, ("name",))


class CorsConfig(Section):
    """Which web pages may call the gateway from a browser. Credentials of the browser (cookies) are never allowed."""

    origins: WebOrigins = Field(examples=[["https://app.acme.com"]])
    """Scheme, host and port of the pages, as browsers send them: https, or http of localhost; or '*' alone for all."""

    headers: CorsHeaders = Field(default=(), examples=[["X-Trace-Id"]])
    """Request headers that pages may send, beside those of the usual SDKs."""

    @between("origins")
    def _all_origins_stand_alone(self) -> Iterator[Conflict]:
        if ANY_WEB_ORIGIN in self.origins and len(self.origins) > 1:
            message = f"{shown(ANY_WEB_ORIGIN)} is all origins already; write it alone, or leave it out"
            yield Conflict(message, ("origins",))


class EdgeConfig(Section):
    """The CloudFront distribution. What is left out is off."""

    firewall: FirewallConfig | None = Field(default=None, examples=[{"rate": "2000/5m"}])
    domain: DomainConfig | None = Field(
        default=None, examples=[{"name": "ml.acme.com", "hosted_zone": "Z0123456789ABCDEFGHIJ"}]
    )

    cache: CacheConfig | None = Field(default=None, examples=[{"default": "1h", "max": "24h"}])
    """Default: nothing is cached."""

    error_caching: Lifetime = Field(default=timedelta(0), examples=["10s"])
    """How long an error is kept, at least. Needs a cache, for all models. Default: not at all."""

    response_timeout: ResponseTimeout | None = Field(default=None, examples=["60s"])
    """How long CloudFront waits for the first byte, and between two packets: 1s to service_quotas.response_timeout,
    which is 120s in every account. Default: what models need."""

    accept_keys: KeyForms | None = Field(default=None, examples=[["x-api-key", "bearer", "api-key"]])
    """How clients may send their keys, as headers (bearer is Authorization: Bearer). Default: x-api-key and bearer."""

    security_headers: StrictBool = Field(default=False, examples=[True])
    """Add the headers by which browsers protect their users: HSTS, no sniffing, no framing, no referrer, no scripts."""

    cors: CorsConfig | None = Field(default=None, examples=[{"origins": ["https://app.acme.com"]}])

    health: LiteralPath | None = Field(default=None, examples=["/health"])
    """A path that the edge itself answers with 200, to GET and HEAD, without a key."""

    access_log: StrictBool = Field(default=False, examples=[True])
    """Write a line for each request that reaches CloudFront, kept as long as logs.retention says."""

    countries: CountriesConfig | None = Field(default=None, examples=[{"deny": ["AQ"]}])
    """CloudFront's own geographic restriction: free, but it answers with a page. See also firewall.countries."""

    price_class: PriceClass = Field(default="PriceClass_All", examples=["PriceClass_100"])
    """The locations that answer. 100: North America, Europe and Israel; 200: most others too; All: all."""

    @between("accept_keys")
    def _the_form_of_api_gateway_is_accepted(self) -> Iterator[Conflict]:
        if self.accept_keys is not None and API_KEY_HEADER not in self.accept_keys:
            message = f"{API_KEY_HEADER} is accepted in any case, because API Gateway itself reads it; list it, too"
            yield Conflict(message, ("accept_keys",))

    @between("cache")
    def _cache_keeps_something(self) -> Iterator[Conflict]:
        if self.cache is not None and not self.cache.keeps:
            yield Conflict("0s caches nothing; leave the cache line out for that", ("cache",))

    @between("countries", "firewall.countries")
    def _countries_are_listed_once(self) -> Iterator[Conflict]:
        if self.countries is not None and self.firewall is not None and self.firewall.countries is not None:
            message = "stands beside edge.countries, which says the same in another place; write one of the two"
            yield Conflict(message, ("firewall", "countries"))

    @between("countries")
    def _cloudfront_knows_the_countries(self) -> Iterator[Conflict]:
        if self.countries is not None:
            for key, listed in self.countries.lists.items():
                for country in ONLY_IN_FIREWALL.intersection(listed):
                    message = f"{shown(country)} is known to AWS WAF alone; leave it out, or write firewall.countries"
                    yield Conflict(message, ("countries", key))

    @between("cors", "health")
    def _settings_fit_into_the_function(self) -> Iterator[Conflict]:
        cors = (*self.cors.origins, *self.cors.headers) if self.cors else ()
        size = sum(len(each) + _AROUND_AN_ENTRY for each in cors) + len(self.health or "")
        if size > MOST_SETTINGS_OF_THE_FUNCTION:
            message = (
                f"origins, headers and health make {size} characters of a function of CloudFront, which has room for "
                f"{MOST_SETTINGS_OF_THE_FUNCTION}; list fewer, or write shorter ones"
            )
            yield Conflict(message, ("cors",) if cors else ("health",))
