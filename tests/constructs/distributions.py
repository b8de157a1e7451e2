"""A distribution alone in a stack, and how tests look into it."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from ml_gateway import EdgeDesign, GatewayDistribution, GatewayOrigin, Keyed, Open
from ml_gateway.config import CacheConfig, CorsConfig, CountriesConfig, DomainConfig
from tests.synthesis import Json, bare_stack, only, template_of

ORIGIN: Final = GatewayOrigin(
    domain_name="api.example.com", origin_path="/v1", headers={}, callers=Open(), region="eu-west-1"
)
MINUTE: Final = CacheConfig(default=timedelta(minutes=1), max=timedelta(minutes=1))
NEVER: Final = CacheConfig(default=timedelta(0), max=timedelta(0))
HOUR: Final = CacheConfig(default=timedelta(hours=1), max=timedelta(hours=1))
DOMAIN: Final = DomainConfig(name="ml.acme.com", hosted_zone="Z0123456789ABCDEFGHIJ")
CORS: Final = CorsConfig(origins=("https://app.acme.com", "http://localhost:3000"), headers=("X-Trace-Id",))
KEYS: Final = Keyed(("x-api-key",))
EVERYTHING: Final = EdgeDesign(
    cache=HOUR,
    domain=DOMAIN,
    security_headers=True,
    cors=CORS,
    health="/health",
    countries=CountriesConfig(deny=("AQ",)),
)


def distribution(edge: EdgeDesign | None = None, callers: Open | Keyed = ORIGIN.callers) -> Json:
    stack = bare_stack()
    origin = replace(ORIGIN, callers=callers)
    GatewayDistribution(stack, "Edge", origin=origin, edge=edge or EdgeDesign())
    return template_of(stack)


def settings(template: Json) -> Json:
    found: Json = only(template, "AWS::CloudFront::Distribution")["DistributionConfig"]
    return found


def behavior(template: Json) -> Json:
    found: Json = settings(template)["DefaultCacheBehavior"]
    return found
