"""The models: where callers find each, what answers it, and how its answers travel."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from ml_gateway.config import (
    BackendConfig,
    CacheConfig,
    HttpBackendConfig,
    HttpServerConfig,
    LambdaBackendConfig,
    LoadBalancerBackendConfig,
    ModelConfig,
    RollbackConfig,
    SagemakerBackendConfig,
    VersionConfig,
)
from ml_gateway.config.backends import BY_REGION
from ml_gateway.config.types.by_region import in_region
from ml_gateway.design.rollouts import Split
from ml_gateway.serving import PROTOCOLS, Route, ServedModel, version_name, version_of, wrong_name_by_server
from ml_gateway.serving.settings import NAME
from ml_gateway.serving.timeouts import LONGEST_BUFFERED, LONGEST_STREAM

TARGETS: Final = ("target_variant", "inference_component", "target_model")
"""What a version says of a SageMaker endpoint, which its backend has under the same names."""

_MISNAMED: Final = "misnamed"


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelDesign:
    """One model. `backend_name` is what its backend is called: in the short form, as the model.

    `cache` is how long answers are kept where the model says it for itself. `versions`: by their names; the first one
    is what the model itself is, for whoever comes while the edge picks none. `split`: where there are several.
    """

    served: ServedModel
    backend_name: str
    backend: BackendConfig
    cache: CacheConfig | None
    defined_as: str
    """The construct id of what its backend takes: a version that names a component of its own takes a role of its
    own."""
    versions: Mapping[str, "ModelDesign"] = field(default_factory=dict)
    split: Split | None = None
    rollback: RollbackConfig | None = None

    @classmethod
    def of(cls, name: str, model: ModelConfig, backends: Mapping[str, BackendConfig]) -> "ModelDesign":
        """What `model` means when it is called `name`. Raises KeyError for a backend that is not among `backends`."""
        if model.versions:
            return cls._of_versions(name, model, backends)
        backend = _resolved(backends[model.backend]) if model.backend else _short_form(model)
        return cls(
            served=_served(name, model, backend),
            backend_name=model.backend or name,
            backend=backend,
            cache=model.cache,
            defined_as=model.backend or name,
        )

    @classmethod
    def _of_versions(cls, name: str, model: ModelConfig, backends: Mapping[str, BackendConfig]) -> "ModelDesign":
        versions = {version: cls._of_version(name, model, version, backends) for version in model.versions}
        first, *_ = versions.values()
        served = replace(first.served, path=model.path or f"/{first.served.name}", callers_path=None)
        return replace(first, served=served, versions=versions, split=Split.of(served, model), rollback=model.rollback)

    @classmethod
    def _of_version(
        cls, name: str, model: ModelConfig, version: str, backends: Mapping[str, BackendConfig]
    ) -> "ModelDesign":
        said = model.versions[version]
        backend = _aimed(_resolved(backends[said.backend]), said) if said.backend else _short_form(said)
        usual = _served(name, model, backend)
        # What cannot be is for the rules to say, here as well.
        named = version if re.fullmatch(NAME, version) else _MISNAMED
        asked_as = (
            said.served_as if said.served_as and not wrong_name_by_server(said.served_as, model.protocol) else None
        )
        return cls(
            served=version_of(usual, named, served_as=asked_as, timeout=said.timeout or usual.timeout),
            backend_name=said.backend or version_name(name, version),
            backend=backend,
            cache=model.cache,
            defined_as=version_name(said.backend, f"{name}-{version}")
            if said.backend and said.inference_component
            else said.backend or version_name(name, version),
        )

    @property
    def routes(self) -> tuple[Route, ...]:
        """Those that callers ask for, in the order of the protocol's specification."""
        return self.served.routes

    @property
    def all_routes(self) -> tuple[Route, ...]:
        """Those of the API: of the model itself, and of each version."""
        return tuple(route for each in (self, *self.versions.values()) for route in each.served.routes)

    @property
    def limited_routes(self) -> tuple[Route, ...]:
        """Those that have the limits of plans: to which the edge leads, or with a single version both of its paths.

        While several have just come the model's own path, to which the edge of before leads, has the plan's rate alone.
        """
        return self.all_routes[len(self.routes) :] if len(self.versions) > 1 else self.all_routes


def _may_list_models(backend: BackendConfig) -> bool:
    """Whether callers may see what the backend lists: not what the gateway's own credentials open there. A function
    answers for its model alone."""
    if isinstance(backend, HttpServerConfig):
        return not backend.secrets
    return not isinstance(backend, LambdaBackendConfig)


def _served(name: str, model: ModelConfig, backend: BackendConfig) -> ServedModel:
    streams = _streams_by_default(model, backend) if model.stream is None else model.stream
    # What no model can be called is for the rules to say, and what would follow from it they do not look at.
    served_name = name if re.fullmatch(NAME, name) else _MISNAMED
    return ServedModel(
        name=served_name,
        path=model.path or f"/{served_name}",
        protocol=model.protocol,
        methods=model.methods or ("POST",),
        backend_method=model.backend_method,
        timeout=model.timeout or (LONGEST_STREAM if streams else LONGEST_BUFFERED),
        streams=streams,
        served_as=model.served_as or served_name,
        lists_itself=not _may_list_models(backend),
        paused=model.paused,
    )


def _streams_by_default(model: ModelConfig, backend: BackendConfig) -> bool:
    # A function that streams has to answer in another form (API Gateway Developer Guide, "Set up a Lambda proxy
    # integration with payload response streaming"): one that was not written for it would fail each request.
    return model.protocol != "raw" and PROTOCOLS[model.protocol].streams and backend.type != "lambda"


def backend_in(backend: BackendConfig, region: str) -> BackendConfig:
    """The backend as one region calls it: values in place of maps. Raises KeyError for a map without the region."""
    return backend.model_copy(update={name: in_region(value, region) for name, value in backend if name in BY_REGION})


def _aimed(backend: BackendConfig, said: VersionConfig) -> BackendConfig:
    """The backend as a version has it called: rules say where it has no such settings."""
    if not isinstance(backend, SagemakerBackendConfig):
        return backend
    own = {setting: value for setting in TARGETS if (value := getattr(said, setting)) is not None}
    return backend.model_copy(update=own)


def _short_form(model: ModelConfig | VersionConfig) -> HttpBackendConfig:
    """The http backend of a model that has a URL instead of the name of one: checked with the model already."""
    return HttpBackendConfig.model_construct(type="http", url=model.url or "", insecure=model.insecure)


def _resolved(backend: BackendConfig) -> BackendConfig:
    """The backend with its defaults as values."""
    if isinstance(backend, LoadBalancerBackendConfig) and backend.port is None:
        return backend.model_copy(update={"port": 443 if backend.tls else 80})
    return backend
