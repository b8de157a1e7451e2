"""What the services take from this account."""

from dataclasses import dataclass
from datetime import timedelta

from ml_gateway.config import ServiceQuotasConfig


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceQuotas:
    """How much the services take: what AWS raised, or else what every account has."""

    api_resources: int
    """Of the API, the root included."""

    integration_timeout: timedelta
    """For a buffered answer; a stream has 15 minutes in any case."""

    response_timeout: timedelta
    """For the first byte that CloudFront waits for, and for each gap."""

    vpc_links: int
    """VPC links V2 in the API's region."""

    @classmethod
    def of(cls, quotas: ServiceQuotasConfig) -> "ServiceQuotas":
        return cls(
            api_resources=quotas.api_resources,
            integration_timeout=quotas.integration_timeout,
            response_timeout=quotas.response_timeout,
            vpc_links=quotas.vpc_links,
        )
