"""What `ml-gateway explain` says of one request."""

from collections.abc import Mapping

from ml_gateway import GatewayConfig
from ml_gateway.cli.explanation import Step, steps_of
from ml_gateway.cli.requests import Asked
from ml_gateway.design import GatewayDesign


def explained(config: GatewayConfig, method: str, path: str) -> Mapping[str, tuple[str, ...]]:
    steps: list[Step] = list(steps_of(Asked.of(method, path), GatewayDesign.of(config)))
    return {step.at: step.says for step in steps}
