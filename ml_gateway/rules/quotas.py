"""More than the services take of what a whole gateway makes, as far as it follows from the file alone.

What CloudFormation takes is counted in what was defined: `ml_gateway.policy`.
"""

from collections.abc import Iterator
from typing import Final

from ml_gateway.config import GatewayConfig, LoadBalancerBackendConfig
from ml_gateway.conflicts import Conflict
from ml_gateway.design import GatewayDesign
from ml_gateway.rules.rule import reads
from ml_gateway.serving import resources_of_the_api

MOST_USAGE_PLANS: Final = 300
"""API Gateway developer guide, quotas: usage plans per account per Region."""


@reads("service_quotas.api_resources", "models.*.versions")
def too_many_resources_of_the_api(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    count = resources_of_the_api(route for model in meant.models.values() for route in model.all_routes)
    most = meant.quotas.api_resources
    if count > most:
        message = (
            f"their paths make {count} resources of the API, and it takes {most}; write "
            f"service_quotas: {{api_resources: {count}}} once AWS raised it for the account, or take out models"
        )
        yield Conflict(message, ("models",))


@reads()
def too_many_plans(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    """More plans than an account has in a region, those without clients too."""
    if len(said.every_plan) > MOST_USAGE_PLANS:
        message = (
            f"{len(said.every_plan)} plans are more than the {MOST_USAGE_PLANS} that API Gateway gives an account in a "
            "region; keep fewer, or take a second account"
        )
        yield Conflict(message, ("plans",))


@reads("service_quotas.vpc_links")
def too_many_vpc_links(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """More VPC links than an account has in a region, each with the subnets of one backend."""
    links = [each for each in said.backends.values() if isinstance(each, LoadBalancerBackendConfig) and each.subnets]
    if len(links) > meant.quotas.vpc_links:
        message = (
            f"their subnets make {len(links)} VPC links, and the account has {meant.quotas.vpc_links} in a region; "
            f"name one vpc_link in several, or write service_quotas: {{vpc_links: {len(links)}}} once AWS raised it "
            "for the account"
        )
        yield Conflict(message, ("backends",))
