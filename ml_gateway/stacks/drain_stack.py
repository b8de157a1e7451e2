"""The stack that drains a region, which is another one than its own."""

from typing import Any

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from ml_gateway import naming
from ml_gateway.constructs.drain import DrainAlarm
from ml_gateway.design import GatewayDesign


class DrainStack(Stack):
    """The alarm on the metric that drains `drains`, and nothing else: it is there before that region's health check."""

    def __init__(
        self, scope: Construct, construct_id: str, *, design: GatewayDesign, drains: str, **kwargs: Any
    ) -> None:
        super().__init__(scope, construct_id, description=f"{design.name}: what drains {drains}", **kwargs)
        alarm = DrainAlarm(self, "Drain", gateway_name=design.name, region=drains)
        CfnOutput(
            self,
            naming.DRAIN_COMMAND,
            value=alarm.drain_command,
            description=f"Keeps requests away from {drains}, within minutes and until it is brought back",
        )
        CfnOutput(
            self,
            naming.BRING_BACK_COMMAND,
            value=alarm.bring_back_command,
            description=f"Has {drains} answer again",
        )
