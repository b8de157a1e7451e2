"""Rules about the variables of paths: each leads somewhere, and what is sent in their place is theirs."""

from collections.abc import Iterator

from ml_gateway.config import (
    BackendConfig,
    GatewayConfig,
    HttpBackendConfig,
    LambdaBackendConfig,
    LoadBalancerBackendConfig,
    SagemakerBackendConfig,
    VersionConfig,
)
from ml_gateway.conflicts import Conflict, Place
from ml_gateway.design import GatewayDesign, ModelDesign
from ml_gateway.rules.rule import Part, entries, parts_of, reads
from ml_gateway.serving.paths import filled_by_callers, variable_alone, variables_of
from ml_gateway.wording import shown


@reads("models.*.path", "models.*.protocol", "models.*.backend", "models.*.versions")
def variables_that_no_path_has(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """What a backend sends is a variable alone, but not one of the model's path."""
    for part in parts_of(said, meant):
        for setting, text in _sent(part.meant.backend):
            variable = variable_alone(text)
            if variable is not None and variable not in variables_of(part.meant.served.path):
                message = (
                    f"{shown(text)} is a variable, which the path of model {shown(part.name)} does not have; write it "
                    "into that path, where the model is a raw one, or write a fixed text here"
                )
                yield Conflict(message, _place(part, setting), entries(said, part.name))


@reads("models.*.path", "models.*.backend", "models.*.versions")
def variables_in_a_longer_text(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """Headers with a variable of the path beside other text, which would be sent as it is."""
    for part in parts_of(said, meant):
        for setting, text in _sent(part.meant.backend):
            joined = [each for each in variables_of(part.meant.served.path) if f"{{{each}}}" in text]
            if joined and variable_alone(text) is None:
                message = (
                    f"{shown(text)} would be sent as it is: a mapping of API Gateway joins no texts; write "
                    f"'{{{joined[0]}}}' alone, or a text without it"
                )
                yield Conflict(message, _place(part, setting), entries(said, part.name))


def _place(part: Part, setting: Place) -> Place:
    """Where a setting of the backend is said: by the backend, or by the version in its place."""
    own = getattr(part.said, str(setting[0]), None) if isinstance(part.said, VersionConfig) else None
    return (*part.at, *setting) if own is not None else ("backends", part.meant.backend_name, *setting)


@reads(
    "models.*.protocol",
    "models.*.backend",
    "models.*.url",
    "models.*.versions",
    "backends.*.type",
    "backends.*.url",
    "backends.*.headers",
    "backends.*.target_model",
    "backends.*.custom_attributes",
)
def variables_that_lead_nowhere(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """Variables of a path that the model never learns."""
    for part in parts_of(said, meant):
        path, used = meant.models[part.name].served.path, _used(part.meant)
        idle = [variable for variable in variables_of(path) if variable not in used]
        if idle:
            message = (
                f"{shown(path)} has the variable {{{idle[0]}}}, which leads nowhere; write "
                f"{_way_out(part, idle[0])}, or take it out of the path"
            )
            yield Conflict(message, ("models", part.name, "path"), entries(said, part.name))


def _used(model: ModelDesign) -> set[str]:
    """The variables that reach what answers, in a URL or in a header. A function sees the whole request."""
    match model.backend:
        case LambdaBackendConfig() | LoadBalancerBackendConfig():
            in_url = variables_of(model.served.path)
        case HttpBackendConfig(url=url):
            in_url = filled_by_callers(url)
        case _:
            in_url = ()
    return {*in_url, *(variable for _, text in _sent(model.backend) for variable in variables_of(text))}


def _sent(backend: BackendConfig) -> Iterator[tuple[Place, str]]:
    """What the backend says for itself about headers, and the setting that says it."""
    yield from ((("headers", header), text) for header, text in getattr(backend, "headers", {}).items())
    if isinstance(backend, SagemakerBackendConfig):
        for setting in ("target_model", "custom_attributes"):
            text = getattr(backend, setting)
            if text is not None:
                yield (setting,), text


def _way_out(part: Part, variable: str) -> str:
    backend = f"backend {shown(part.meant.backend_name)}"
    if isinstance(part.meant.backend, SagemakerBackendConfig):
        return f"target_model: '{{{variable}}}' or custom_attributes: '{{{variable}}}' at {backend}"
    if part.said.backend is None:
        return "it into the url"
    return f"it into the url of {backend}, or alone into a header there"
