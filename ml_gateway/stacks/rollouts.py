"""What the stacks of a gateway have where models have several versions. Loaded by such gateways alone."""

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_kms as kms
from constructs import Construct

from ml_gateway import naming
from ml_gateway.constructs.version_overrides import VersionOverrides
from ml_gateway.design import GatewayDesign
from ml_gateway.functions import RollbackSettings


def define_overrides(scope: Construct, design: GatewayDesign, *, encryption_key: kms.IKey | None) -> VersionOverrides:
    """At the id `Overrides`, in the stack of the edge."""
    return VersionOverrides(
        scope,
        "Overrides",
        gateway_name=design.name,
        splits=design.edge.splits,
        rollbacks={
            alarm: RollbackSettings(model=rollback.model, version=rollback.version, to=rollback.when.to)
            for alarm, rollback in design.rollbacks.items()
        },
        log_retention=design.log_retention,
        encryption_key=encryption_key,
    )


def define_override_outputs(scope: Stack, overrides: VersionOverrides) -> None:
    told = {
        naming.OVERRIDES_COMMAND: (
            overrides.show_command,
            "Shows which models have other shares now than the file says; what stands in for others counts for nothing",
        ),
        naming.OVERRIDE_COMMAND: (
            overrides.write_command,
            "Gives a model other shares within a minute, once its name, these shares and those of the file are put in",
        ),
        naming.RELEASE_COMMAND: (overrides.release_command, "Has the shares of the file hold again for that model"),
    }
    for name, (value, description) in told.items():
        CfnOutput(scope, name, value=value, description=description)
