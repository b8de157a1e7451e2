"""The models: where callers find each, what answers it, and how its answers travel."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ml_gateway.config import (
    BackendConfig,
    CacheConfig,
    HttpBackendConfig,
    HttpServerConfig,
    LambdaBackendConfig,
    LoadBalancerBackendConfig,
    ModelConfig,
)
from ml_gateway.config.backends import BY_REGION
from ml_gateway.config.types.by_region import in_region
from ml_gateway.serving import PROTOCOLS, Route, ServedModel
from ml_gateway.serving.settings import NAME
from ml_gateway.serving.timeouts import LONGEST_BUFFERED, LONGEST_STREAM

_MISNAMED: Final = "misnamed"


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelDesign:
    """One model. `backend_name` is what its backend is called: in the short form, as the model.

    `cache` is how long answers are kept where the model says it for itself.
    """

    served: ServedModel
    backend_name: str
    backend: BackendConfig
    cache: CacheConfig | None

    @classmethod
    def of(cls, name: str, model: ModelConfig, backends: Mapping[str, BackendConfig]) -> "ModelDesign":
        """What `model` means when it is called `name`. Raises KeyError for a backend that is not among `backends`."""
        backend = _resolved(backends[model.backend]) if model.backend else _short_form(model)
        return cls(
            served=_served(name, model, backend),
            backend_name=model.backend or name,
            backend=backend,
            cache=model.cache,
        )

    @property
    def routes(self) -> tuple[Route, ...]:
        """All routes, in the order of the protocol's specification."""
        return self.served.routes


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


def _short_form(model: ModelConfig) -> HttpBackendConfig:
    """The http backend of a model that has a URL instead of the name of one: checked with the model already."""
    return HttpBackendConfig.model_construct(type="http", url=model.url or "", insecure=model.insecure)


def _resolved(backend: BackendConfig) -> BackendConfig:
    """The backend with its defaults as values."""
    if isinstance(backend, LoadBalancerBackendConfig) and backend.port is None:
        return backend.model_copy(update={"port": 443 if backend.tls else 80})
    return backend
