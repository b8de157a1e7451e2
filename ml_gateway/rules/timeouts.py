"""How long each hop waits for the next: the model, API Gateway, CloudFront."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from ml_gateway.config import GatewayConfig
from ml_gateway.config.types.durations import SECOND
from ml_gateway.config.types.quantities import format_duration
from ml_gateway.conflicts import Conflict, Place
from ml_gateway.design import GatewayDesign, ModelDesign, ServiceQuotas
from ml_gateway.rules.rule import Part, entries, parts_of, reads
from ml_gateway.serving.timeouts import LONGEST_OF_SAGEMAKER
from ml_gateway.wording import shown

_AS_A_STREAM: Final = {
    "sagemaker": "",  # which has no streams
    "lambda": "stream: true, for which the function answers in another form (docs/backends.md), or ",
}


@reads("models.*.backend", "models.*.versions", "backends.*.type")
def timeouts_that_sagemaker_does_not_wait(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    for part in parts_of(said, meant):
        # Without a timeout of its own the model waits less, or as long as a stream, which is told.
        if _said_at(said, part) and _beyond_sagemaker(part.meant):
            message = (
                f"{format_duration(part.meant.served.timeout)} is longer than the "
                f"{format_duration(LONGEST_OF_SAGEMAKER)} that SageMaker gives a model to answer; write at most that, "
                "or have it answer later: protocol: sagemaker has /async-invocations, for an asynchronous endpoint"
            )
            yield Conflict(message, (*_said_at(said, part), "timeout"), entries(said, part.name))


def _said_at(said: GatewayConfig, part: Part) -> Place:
    """Where a timeout is said: by the version, or by its model; empty where by none of them."""
    if part.said.timeout:
        return part.at
    return ("models", part.name) if said.models[part.name].timeout else ()


@reads(
    "models.*.protocol",
    "models.*.stream",
    "models.*.backend",
    "models.*.versions",
    "backends.*.type",
    "service_quotas.integration_timeout",
    "service_quotas.response_timeout",
)
def timeouts_that_no_hop_waits(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """Whole answers that take longer than API Gateway, or CloudFront, waits by the account's quotas."""
    for part in parts_of(said, meant):
        model, wait = part.meant, part.meant.served.timeout
        needed = _quotas_to_raise(wait, meant.quotas)
        if model.served.streams or not needed or _beyond_sagemaker(model):
            continue
        hop, waits = (
            ("API Gateway", meant.quotas.integration_timeout)
            if "integration_timeout" in needed
            else ("CloudFront", meant.quotas.response_timeout)
        )
        message = (
            f"{format_duration(wait)} is longer than the {format_duration(waits)} that {hop} waits for a whole answer; "
            f"write {_AS_A_STREAM.get(model.backend.type, 'stream: true, or ')}{_in_the_file(needed)} once AWS raised "
            "it for the account"
        )
        yield Conflict(message, (*(_said_at(said, part) or part.at), "timeout"), entries(said, part.name))


def _beyond_sagemaker(model: ModelDesign) -> bool:
    return model.backend.type == "sagemaker" and model.served.timeout > LONGEST_OF_SAGEMAKER


@reads("models.*.timeout", "models.*.versions", "models.*.protocol", "models.*.stream")
def impatient_edge(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """An edge that gives up before a model's whole answer may be there."""
    buffered = [part for part in parts_of(said, meant) if not part.meant.served.streams]
    if said.edge.response_timeout is None or not buffered:
        return
    slowest = max(buffered, key=lambda part: part.meant.served.timeout)
    timeout = slowest.meant.served.timeout
    if said.edge.response_timeout < timeout:
        message = (
            f"{format_duration(said.edge.response_timeout)} is shorter than the timeout of model "
            f"{shown(slowest.name)}, {format_duration(timeout)}; write at least that, or a shorter timeout there"
        )
        yield Conflict(message, ("edge", "response_timeout"), {"models": (slowest.name,)})


@reads("service_quotas.response_timeout")
def too_patient_edge(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """An edge that would wait longer than CloudFront does by the account's quota."""
    wait, most = said.edge.response_timeout, meant.quotas.response_timeout
    if wait is not None and wait > most:
        message = (
            f"{format_duration(wait)} is longer than the {format_duration(most)} that CloudFront waits; write at most "
            f"that, or {_in_the_file({'response_timeout': wait})} once AWS raised it for the account"
        )
        yield Conflict(message, ("edge", "response_timeout"))


def _quotas_to_raise(wait: timedelta, quotas: ServiceQuotas) -> dict[str, timedelta]:
    """The quotas that a whole answer which takes so long is beyond, and what each would have to be."""
    needed = {}
    if wait > quotas.integration_timeout:
        needed["integration_timeout"] = wait
    if wait > quotas.response_timeout:
        needed["response_timeout"] = -(-wait // SECOND) * SECOND
    return needed


def _in_the_file(quotas: Mapping[str, timedelta]) -> str:
    """How the file says that these quotas are raised."""
    settings = ", ".join(f"{name}: {format_duration(quota)}" for name, quota in quotas.items())
    return f"service_quotas: {{{settings}}}"
