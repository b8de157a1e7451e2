"""The stack of what belongs to the account and not to a gateway."""

from typing import Any

from aws_cdk import Stack
from constructs import Construct

from ml_gateway.constructs import AccessLogRole


class AccountStack(Stack):
    """Account-wide settings of one region, for accounts where nobody else manages them."""

    access_log_role: AccessLogRole

    def __init__(self, scope: Construct, construct_id: str, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, description="Account-wide settings of API Gateway", **kwargs)
        self.access_log_role = AccessLogRole(self, "AccessLogRole")
