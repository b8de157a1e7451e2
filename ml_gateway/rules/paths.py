"""Paths that API Gateway does not take beside each other, or at all."""

from collections.abc import Iterator

from ml_gateway.config import GatewayConfig
from ml_gateway.conflicts import Conflict
from ml_gateway.design import GatewayDesign
from ml_gateway.rules.rule import reads
from ml_gateway.serving import misfits


@reads("models.*.path", "models.*.protocol", "models.*.methods", "models.*.served_as")
def unservable_paths(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    for misfit in misfits(meant.routes):
        models = (misfit.model, *([misfit.other] if misfit.other else []))
        yield Conflict(misfit.message, ("models", misfit.model, "path"), {"models": models})
