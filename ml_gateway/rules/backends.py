"""Rules between models and the backends that serve them."""

from collections.abc import Iterator

from ml_gateway.config import GatewayConfig, HttpBackendConfig
from ml_gateway.conflicts import Conflict, Place
from ml_gateway.design import GatewayDesign
from ml_gateway.rules.rule import entries, reads
from ml_gateway.serving import wrong_base_url
from ml_gateway.serving.paths import filled_by_callers, variables_of
from ml_gateway.wording import shown

_OF_THE_BACKEND = ("models.*.backend", "models.*.url", "backends.*.type")


@reads("models.*.backend")
def unused_backends(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    """Backends of no model. Not told beside a model that names an unknown one: a slip in a name makes two problems."""
    used = {model.backend for model in said.models.values()}
    for name in said.backends:
        if name not in used:
            yield Conflict(f"serves no model; write backend: {name} in one, or leave it out", ("backends", name))


@reads(*_OF_THE_BACKEND)
def protocols_that_a_backend_does_not_speak(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """SageMaker endpoints speak `sagemaker` or raw, and nothing else speaks it."""
    for name, model in meant.models.items():
        protocol, kind = model.served.protocol, model.backend.type
        if kind == "sagemaker" and protocol not in ("raw", "sagemaker"):
            message = f"{protocol} is not what a SageMaker endpoint speaks; write sagemaker, or leave the line out"
        elif kind != "sagemaker" and protocol == "sagemaker":
            message = f"sagemaker needs a backend of type sagemaker, not {kind}; name one, or another protocol"
        else:
            continue
        yield _about(said, name, "protocol", message)


@reads(*_OF_THE_BACKEND)
def methods_that_sagemaker_does_not_take(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    for name, model in said.models.items():
        if meant.models[name].backend.type == "sagemaker" and model.methods not in (None, ("POST",)):
            yield _about(said, name, "methods", "a SageMaker endpoint takes POST alone; leave the line out")


@reads(*_OF_THE_BACKEND)
def streams_of_sagemaker(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    message = (
        "true cannot be: API Gateway does not stream from SageMaker itself; "
        "leave the line out, or put a Lambda function in between"
    )
    for name, model in said.models.items():
        if meant.models[name].backend.type == "sagemaker" and model.stream:
            yield _about(said, name, "stream", message)


@reads(*_OF_THE_BACKEND)
def backend_methods_without_effect(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    for name, model in said.models.items():
        kind = meant.models[name].backend.type
        if model.backend_method is not None and kind in ("sagemaker", "lambda"):
            message = f"{shown(model.backend_method)} has no effect on a backend of type {kind}; leave the line out"
            yield _about(said, name, "backend_method", message)


@reads("models.*.protocol", "models.*.backend")
def urls_that_are_no_base_url(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """URLs that have a route of the protocol already, or lack the version that it leaves to them."""
    for name, url in _urls(meant):
        message = wrong_base_url(url, meant.models[name].served.protocol)
        if message:
            yield Conflict(message, _place_of_url(said, name), entries(said, name))


@reads("models.*.protocol", "models.*.backend")
def urls_that_a_protocol_cannot_follow(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """Query strings and variables, where the protocol adds paths at the end."""
    for name, url in _urls(meant):
        protocol = meant.models[name].served.protocol
        if protocol != "raw" and "?" in url and not wrong_base_url(url, protocol):
            message = (
                f"{shown(url)} has a query string, but the protocol {protocol} of model {shown(name)} adds "
                "paths at its end; take out ? and what follows: callers send it with their requests, and it passes"
            )
            yield Conflict(message, _place_of_url(said, name), entries(said, name))
        if protocol != "raw" and filled_by_callers(url):
            message = f"{shown(url)} has a variable, which the protocol {protocol} does not fill in; write it out"
            yield Conflict(message, _place_of_url(said, name), entries(said, name))


@reads("models.*.protocol", "models.*.path", "models.*.backend")
def variables_that_a_path_does_not_have(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    for name, url in _urls(meant):
        served = meant.models[name].served
        unknown = [variable for variable in filled_by_callers(url) if variable not in variables_of(served.path)]
        if served.protocol == "raw" and unknown:
            message = (
                f"{shown(url)} has the variable {{{unknown[0]}}}, which the path of model {shown(name)} does not have; "
                "write it into that path, or write it out here"
            )
            yield Conflict(message, _place_of_url(said, name), entries(said, name))


def _urls(meant: GatewayDesign) -> Iterator[tuple[str, str]]:
    """The URL that each model has, of those behind HTTP servers."""
    for name, model in meant.models.items():
        if isinstance(model.backend, HttpBackendConfig):
            yield name, model.backend.url


def _place_of_url(said: GatewayConfig, model: str) -> Place:
    backend = said.models[model].backend
    return ("models", model, "url") if backend is None else ("backends", backend, "url")


def _about(said: GatewayConfig, model: str, setting: str, message: str) -> Conflict:
    return Conflict(message, ("models", model, setting), entries(said, model))
