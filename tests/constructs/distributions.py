"""A distribution alone in a stack, and how tests look into it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from ml_gateway import EdgeConfig, GatewayDistribution, GatewayOrigin
from ml_gateway.config import CacheConfig, CorsConfig, CountriesConfig, DomainConfig
from tests.synthesis import Json, bare_stack, only, template_of

ORIGIN: Final = GatewayOrigin(domain_name="api.example.com", origin_path="/v1", headers={}, region="eu-west-1")
MINUTE: Final = CacheConfig(default=timedelta(minutes=1), max=timedelta(minutes=1))
HOUR: Final = CacheConfig(default=timedelta(hours=1), max=timedelta(hours=1))
DOMAIN: Final = DomainConfig(name="ml.acme.com", hosted_zone="Z0123456789ABCDEFGHIJ")
CORS: Final = CorsConfig(origins=("https://app.acme.com", "http://localhost:3000"), headers=("X-Trace-Id",))
KEYS: Final = EdgeConfig(accept_keys=("x-api-key",))
EVERYTHING: Final = EdgeConfig(
    accept_keys=("x-api-key", "bearer"),
    cache=HOUR,
    domain=DOMAIN,
    security_headers=True,
    cors=CORS,
    health="/health",
    countries=CountriesConfig(deny=("AQ",)),
)


def distribution(edge: EdgeConfig | None = None, model_caches: Mapping[str, CacheConfig] | None = None) -> Json:
    stack = bare_stack()
    GatewayDistribution(stack, "Edge", origin=ORIGIN, edge=edge or EdgeConfig(), model_caches=model_caches or {})
    return template_of(stack)


def settings(template: Json) -> Json:
    found: Json = only(template, "AWS::CloudFront::Distribution")["DistributionConfig"]
    return found


def behavior(template: Json) -> Json:
    found: Json = settings(template)["DefaultCacheBehavior"]
    return found
