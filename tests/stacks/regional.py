"""Gateways in several regions, as Python values."""

from typing import Any, Final

from ml_gateway import ClientConfig, DomainConfig, EdgeConfig, GatewayConfig, PlanConfig, RequestQuota, RequestRate
from tests.synthesis import Json, Templates, gateway_config

ZONE: Final = "Z0123456789ABCDEFGHIJ"
DOMAIN: Final = DomainConfig(name="ml.acme.com", hosted_zone=ZONE)
ONE: Final = ("us-east-1",)
TWO: Final = ("us-east-1", "eu-west-1")
THREE: Final = ("us-east-1", "eu-west-1", "ap-south-1")
PLAN: Final = PlanConfig(rate=RequestRate(10), burst=20, quota=RequestQuota(1000, "day"), across_regions="split")

RECORD: Final = "AWS::Route53::RecordSet"
CHECK: Final = "AWS::Route53::HealthCheck"
ALARM: Final = "AWS::CloudWatch::Alarm"
DISTRIBUTION: Final = "AWS::CloudFront::Distribution"


def of_regions(regions: Any, **changes: Any) -> GatewayConfig:
    """A gateway with a zone, a client and a plan that is split, in these regions."""
    settings: dict[str, Any] = {
        "regions": regions,
        "plans": {"default": PLAN},
        "clients": {"app": ClientConfig(plan="default")},
        "edge": EdgeConfig(domain=DOMAIN),
    }
    return gateway_config(**{**settings, **changes})


def apis_of(templates: Templates) -> dict[str, Json]:
    """The templates of the APIs."""
    return {name: template for name, template in templates.items() if name.startswith("api")}
