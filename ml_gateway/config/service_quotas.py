"""What AWS raised for the account, as the file describes it. The defaults are those of every account."""

from typing import Annotated, Final

from pydantic import Field, StrictInt

from ml_gateway.config.section import Section
from ml_gateway.config.types.durations import IntegrationTimeoutQuota, ResponseTimeoutQuota
from ml_gateway.serving import USUAL_RESOURCES_OF_AN_API
from ml_gateway.serving.timeouts import LONGEST_BUFFERED, LONGEST_EDGE_TIMEOUT

USUAL_VPC_LINKS: Final = 10
"""API Gateway's default quota "VPC links per account per Region" for links V2 (developer guide, HTTP API quotas)."""

ApiResources = Annotated[StrictInt, Field(ge=USUAL_RESOURCES_OF_AN_API)]
VpcLinks = Annotated[StrictInt, Field(ge=USUAL_VPC_LINKS)]
"""Neither has a documented maximum."""


class ServiceQuotasConfig(Section):
    """Quotas that AWS raised for the account: facts, which nothing here requests. At least what every account has."""

    api_resources: ApiResources = Field(default=USUAL_RESOURCES_OF_AN_API, examples=[1200])
    """API Gateway, "Resources per API": distinct prefixes of paths, the root included."""

    integration_timeout: IntegrationTimeoutQuota = Field(default=LONGEST_BUFFERED, examples=["60s"])
    """API Gateway, "Maximum integration timeout": how long a buffered answer may take, 29s to 15m."""

    response_timeout: ResponseTimeoutQuota = Field(default=LONGEST_EDGE_TIMEOUT, examples=["180s"])
    """CloudFront, "Response timeout per origin": for the first byte, and between two packets; 120s to 15m."""

    vpc_links: VpcLinks = Field(default=USUAL_VPC_LINKS, examples=[20])
    """API Gateway, "VPC links per account per Region", of links V2: one for each load balancer with subnets here."""
