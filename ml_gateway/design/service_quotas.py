"""What the services take from this account."""

from dataclasses import asdict, dataclass
from datetime import timedelta

from ml_gateway.config import ServiceQuotasConfig
from ml_gateway.config.refusals import refuse_as_in_the_file
from ml_gateway.config.service_quotas import USUAL_VPC_LINKS
from ml_gateway.serving import USUAL_RESOURCES_OF_AN_API
from ml_gateway.serving.timeouts import LONGEST_BUFFERED, LONGEST_EDGE_TIMEOUT


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceQuotas:
    """How much the services take: what AWS raised, or else what every account has. Errors: less than that."""

    api_resources: int = USUAL_RESOURCES_OF_AN_API
    """Of the API, the root included."""

    integration_timeout: timedelta = LONGEST_BUFFERED
    """For a buffered answer; a stream has 15 minutes in any case."""

    response_timeout: timedelta = LONGEST_EDGE_TIMEOUT
    """For the first byte that CloudFront waits for, and for each gap."""

    vpc_links: int = USUAL_VPC_LINKS
    """VPC links V2 in the API's region."""

    def __post_init__(self) -> None:
        refuse_as_in_the_file(ServiceQuotasConfig, asdict(self), of="ServiceQuotas")

    @classmethod
    def of(cls, quotas: ServiceQuotasConfig) -> "ServiceQuotas":
        return cls(
            api_resources=quotas.api_resources,
            integration_timeout=quotas.integration_timeout,
            response_timeout=quotas.response_timeout,
            vpc_links=quotas.vpc_links,
        )
