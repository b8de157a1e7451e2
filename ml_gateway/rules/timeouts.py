"""How long each hop waits for the next: the model, API Gateway, CloudFront."""

from collections.abc import Iterator

from ml_gateway.config import GatewayConfig
from ml_gateway.config.types.quantities import format_duration
from ml_gateway.conflicts import Conflict
from ml_gateway.design import GatewayDesign
from ml_gateway.rules.rule import reads
from ml_gateway.serving.timeouts import LONGEST_BUFFERED, LONGEST_EDGE_TIMEOUT
from ml_gateway.wording import shown


@reads("models.*.timeout", "models.*.protocol", "models.*.stream")
def long_timeouts_without_effect(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """Consents to a long timeout that nothing needs."""
    for name, model in said.models.items():
        served = meant.models[name].served
        if model.long_timeout and (served.streams or served.timeout <= LONGEST_BUFFERED):
            wait = format_duration(served.timeout)
            reason = "a model that streams" if served.streams else f"a timeout of {wait}, which every account has"
            yield Conflict(f"true has no effect on {reason}; leave the line out", ("models", name, "long_timeout"))


@reads("models.*.long_timeout", "models.*.protocol", "models.*.stream")
def timeouts_that_no_hop_waits(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """Whole answers that take longer than API Gateway, or CloudFront, waits."""
    for name, model in said.models.items():
        served = meant.models[name].served
        if served.streams:
            continue
        wait = format_duration(served.timeout)
        if served.timeout > LONGEST_EDGE_TIMEOUT:
            most = format_duration(LONGEST_EDGE_TIMEOUT)
            message = f"{wait} is longer than CloudFront waits for an answer; write at most {most}, or stream: true"
            yield Conflict(message, ("models", name, "timeout"))
        elif served.timeout > LONGEST_BUFFERED and not model.long_timeout:
            message = (
                f"{wait} is longer than the {format_duration(LONGEST_BUFFERED)} that API Gateway waits for a whole "
                "answer; write stream: true, or long_timeout: true once the account's quota is raised"
            )
            yield Conflict(message, ("models", name, "timeout"))


@reads("models.*.timeout", "models.*.long_timeout", "models.*.protocol", "models.*.stream")
def impatient_edge(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """An edge that gives up before a model's whole answer may be there."""
    buffered = {name: model.served.timeout for name, model in meant.models.items() if not model.served.streams}
    if said.edge.response_timeout is None or not buffered:
        return
    slowest = max(buffered, key=lambda name: buffered[name])
    if said.edge.response_timeout < buffered[slowest]:
        message = (
            f"{format_duration(said.edge.response_timeout)} is shorter than the timeout of model {shown(slowest)}, "
            f"{format_duration(buffered[slowest])}; write at least that, or a shorter timeout there"
        )
        yield Conflict(message, ("edge", "response_timeout"), {"models": (slowest,)})
