"""Rules between models and the backends that serve them."""

from collections.abc import Iterator

from ml_gateway.config import GatewayConfig, HttpBackendConfig
from ml_gateway.conflicts import Conflict
from ml_gateway.design import GatewayDesign
from ml_gateway.rules.rule import Part, entries, parts_of, reads
from ml_gateway.serving import wrong_base_url
from ml_gateway.serving.paths import filled_by_callers, variables_of
from ml_gateway.wording import shown

_OF_THE_BACKEND = ("models.*.backend", "models.*.url", "models.*.versions", "backends.*.type")


@reads("models.*.backend", "models.*.versions")
def unused_backends(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    """Backends of no model. Not told beside a model that names an unknown one: a slip in a name makes two problems."""
    used = {backend for model in said.models.values() for backend in model.backends}
    for name in said.backends:
        if name not in used:
            yield Conflict(f"serves no model; write backend: {name} in one, or leave it out", ("backends", name))


@reads(*_OF_THE_BACKEND)
def protocols_that_a_backend_does_not_speak(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """SageMaker endpoints speak `sagemaker` or raw, and nothing else speaks it."""
    for part in parts_of(said, meant):
        protocol, kind = part.meant.served.protocol, part.meant.backend.type
        if kind == "sagemaker" and protocol not in ("raw", "sagemaker"):
            message = f"{protocol} is not what a SageMaker endpoint speaks; write sagemaker, or leave the line out"
        elif kind != "sagemaker" and protocol == "sagemaker":
            message = f"sagemaker needs a backend of type sagemaker, not {kind}; name one, or another protocol"
        else:
            continue
        yield _about(said, part, "protocol", message)


@reads(*_OF_THE_BACKEND)
def methods_that_sagemaker_does_not_take(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    for part in parts_of(said, meant):
        if part.meant.backend.type == "sagemaker" and said.models[part.name].methods not in (None, ("POST",)):
            yield _about(said, part, "methods", "a SageMaker endpoint takes POST alone; leave the line out")


@reads(*_OF_THE_BACKEND)
def streams_of_sagemaker(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    message = (
        "true cannot be: API Gateway does not stream from SageMaker itself; "
        "leave the line out, or put a Lambda function in between"
    )
    for part in parts_of(said, meant):
        if part.meant.backend.type == "sagemaker" and said.models[part.name].stream:
            yield _about(said, part, "stream", message)


@reads(*_OF_THE_BACKEND)
def backend_methods_without_effect(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    for part in parts_of(said, meant):
        kind, method = part.meant.backend.type, said.models[part.name].backend_method
        if method is not None and kind in ("sagemaker", "lambda"):
            message = f"{shown(method)} has no effect on a backend of type {kind}; leave the line out"
            yield _about(said, part, "backend_method", message)


@reads("models.*.protocol", "models.*.backend", "models.*.versions")
def urls_that_are_no_base_url(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """URLs that have a route of the protocol already, or lack the version that it leaves to them."""
    for part, url in _urls(said, meant):
        message = wrong_base_url(url, part.meant.served.protocol)
        if message:
            yield Conflict(message, part.place_of_url, entries(said, part.name))


@reads("models.*.protocol", "models.*.backend", "models.*.versions")
def urls_that_a_protocol_cannot_follow(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """Query strings and variables, where the protocol adds paths at the end."""
    for part, url in _urls(said, meant):
        protocol = part.meant.served.protocol
        if protocol != "raw" and "?" in url and not wrong_base_url(url, protocol):
            message = (
                f"{shown(url)} has a query string, but the protocol {protocol} of model {shown(part.name)} adds "
                "paths at its end; take out ? and what follows: callers send it with their requests, and it passes"
            )
            yield Conflict(message, part.place_of_url, entries(said, part.name))
        if protocol != "raw" and filled_by_callers(url):
            message = f"{shown(url)} has a variable, which the protocol {protocol} does not fill in; write it out"
            yield Conflict(message, part.place_of_url, entries(said, part.name))


@reads("models.*.protocol", "models.*.path", "models.*.backend", "models.*.versions")
def variables_that_a_path_does_not_have(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    for part, url in _urls(said, meant):
        served = part.meant.served
        unknown = [variable for variable in filled_by_callers(url) if variable not in variables_of(served.path)]
        if served.protocol == "raw" and unknown:
            message = (
                f"{shown(url)} has the variable {{{unknown[0]}}}, which the path of model {shown(part.name)} does not "
                "have; write it into that path, or write it out here"
            )
            yield Conflict(message, part.place_of_url, entries(said, part.name))


def _urls(said: GatewayConfig, meant: GatewayDesign) -> Iterator[tuple[Part, str]]:
    """The URL of each, of those behind HTTP servers."""
    for part in parts_of(said, meant):
        if isinstance(part.meant.backend, HttpBackendConfig):
            yield part, part.meant.backend.url


def _about(said: GatewayConfig, part: Part, setting: str, message: str) -> Conflict:
    """Of a version, which does not say the setting, the line names it."""
    said_there = message if part.place_of(setting) != part.at else f"{setting}: {message}"
    return Conflict(said_there, part.place_of(setting), entries(said, part.name))
