"""Rules between models and what serves them: their backends, the edge in front of them, and each other."""

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta

from ml_gateway.config.backends import BackendConfig, HttpBackendConfig
from ml_gateway.config.models import ModelConfig
from ml_gateway.config.types.quantities import format_duration
from ml_gateway.config.types.urls import variables_of
from ml_gateway.conflicts import ConflictError, Place
from ml_gateway.serving import Route, misfits
from ml_gateway.wording import shown, suggestion

Routes = Mapping[str, Collection[Route]]
"""The routes of each model, by its name."""


def unknown_backends(models: Mapping[str, ModelConfig], backends: Mapping[str, object]) -> Iterator[ConflictError]:
    """Models that name a backend which is not there."""
    for name, model in models.items():
        if model.backend is not None and model.backend not in backends:
            way_out = suggestion(model.backend, backends) if backends else "define it in backends"
            message = f"{shown(model.backend)} is not a backend; {way_out}"
            yield ConflictError(message, ("models", name, "backend"), ("backends",))


def unused_backends(models: Mapping[str, ModelConfig], backends: Mapping[str, object]) -> Iterator[ConflictError]:
    """Backends of no model. To be told only when all models name known ones: a slip in a name makes two problems."""
    used = {model.backend for model in models.values()}
    named_by: list[Place] = [("models", name, "backend") for name in models]
    for name in backends:
        if name not in used:
            message = f"serves no model; write backend: {name} in one, or leave it out"
            yield ConflictError(message, ("backends", name), ("models",), *named_by)


def unfit_backend(name: str, model: ModelConfig, backend: BackendConfig) -> Iterator[ConflictError]:
    """Settings of a model that its backend cannot follow."""
    section = ("models", name)
    depends: tuple[Place, ...] = ((*section, "backend"), (*section, "url"), ("backends", model.backend or ""))
    protocol = (*section, "protocol")
    if backend.type == "sagemaker":
        yield from _unfit_for_sagemaker(section, model, depends)
    elif model.protocol == "sagemaker":
        message = f"sagemaker needs a backend of type sagemaker, not {backend.type}; name one, or another protocol"
        yield ConflictError(message, protocol, *depends)
    if model.backend_method is not None and backend.type in ("sagemaker", "lambda"):
        message = f"{shown(model.backend_method)} has no effect on a backend of type {backend.type}; leave the line out"
        yield ConflictError(message, (*section, "backend_method"), *depends)
    if isinstance(backend, HttpBackendConfig):
        at = (*section, "url") if model.backend is None else ("backends", model.backend, "http", "url")
        if model.protocol == "raw":
            depends = (*depends, (*section, "path"))
        for message in _unfit_url(name, model, backend.url):
            yield ConflictError(message, at, *depends, protocol)


def _unfit_for_sagemaker(section: Place, model: ModelConfig, depends: tuple[Place, ...]) -> Iterator[ConflictError]:
    protocol = (*section, "protocol")
    if model.protocol not in ("raw", "sagemaker"):
        message = f"{model.protocol} is not what a SageMaker endpoint speaks; write sagemaker, or leave the line out"
        yield ConflictError(message, protocol, *depends)
    if model.methods not in (None, ("POST",)):
        message = "a SageMaker endpoint takes POST alone; leave the line out"
        yield ConflictError(message, (*section, "methods"), *depends)
    if model.stream:
        message = (
            "true cannot be: API Gateway does not stream from SageMaker itself; "
            "leave the line out, or put a Lambda function in between"
        )
        yield ConflictError(message, (*section, "stream"), *depends)


def _unfit_url(name: str, model: ModelConfig, url: str) -> Iterator[str]:
    unknown = [variable for variable in variables_of(url) if variable not in variables_of(model.path_for(name))]
    if model.protocol != "raw":
        if "?" in url:
            yield (
                f"{shown(url)} has a query string, but the protocol {model.protocol} of model {shown(name)} adds "
                "paths at its end; take out ? and what follows"
            )
        if variables_of(url):
            yield f"{shown(url)} has a variable, which the protocol {model.protocol} does not fill in; write it out"
    elif unknown:
        yield (
            f"{shown(url)} has the variable {{{unknown[0]}}}, which the path of model {shown(name)} does not have; "
            "write it into that path, or write it out here"
        )


def impatient_edge(models: Mapping[str, ModelConfig], response_timeout: timedelta | None) -> Iterator[ConflictError]:
    """An edge that gives up before a model's whole answer may be there."""
    buffered = {name: model.effective_timeout for name, model in models.items() if not model.streams}
    if response_timeout is None or not buffered:
        return
    slowest = max(buffered, key=lambda name: buffered[name])
    if response_timeout < buffered[slowest]:
        wait = format_duration(buffered[slowest])
        message = (
            f"{format_duration(response_timeout)} is shorter than the timeout of model {shown(slowest)}, "
            f"{wait}; write at least that, or a shorter timeout there"
        )
        depends = [("models", slowest, key) for key in ("timeout", "long_timeout", "stream", "protocol")]
        yield ConflictError(message, ("edge", "response_timeout"), *depends)


def unservable_paths(routes: Routes) -> Iterator[ConflictError]:
    """Paths that API Gateway does not take beside each other, or at all."""
    for misfit in misfits(routes):
        models = [misfit.model, *([misfit.other] if misfit.other else [])]
        depends = [("models", name, key) for name in models for key in ("path", "protocol", "methods")]
        yield ConflictError(misfit.message, ("models", misfit.model, "path"), *depends)
