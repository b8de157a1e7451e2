"""Where the servers of the models are while the gateway is local: in the place of those that the file names."""

from collections.abc import Mapping
from itertools import count
from typing import Final
from urllib.parse import urlsplit

from ml_gateway.config import (
    BackendConfig,
    GatewayConfig,
    HttpBackendConfig,
    HttpServerConfig,
    LambdaBackendConfig,
    LoadBalancerBackendConfig,
    ModelConfig,
    SagemakerBackendConfig,
)
from ml_gateway.design import GatewayDesign
from ml_gateway.design.models import TARGETS
from ml_gateway.serving import PROTOCOLS, ServedModel, version_name
from ml_gateway.serving.paths import in_url, variables_of

CONTAINER_PATH: Final = "/invocations"
"""Where a container answers SageMaker: SageMaker AI Developer Guide, "Custom Inference Code with Hosting Services"."""


def local_config(
    config: GatewayConfig,
    *,
    model_server: str,
    generation: int,
    servers: Mapping[str, str] | None = None,
    issuers: Mapping[str, str] | None = None,
) -> GatewayConfig:
    """`config` with every HTTP backend at `model_server`, or at the URL that `servers` has under its place, such as
    models.predict or backends.llama.

    Without a path in such a URL those of the file stay; one that has a path is asked there. Backends of another type
    stay altogether. `issuers`: the URLs of those that are here, by the names of those that they stand in for.
    """
    given = servers or {}
    backends = {
        name: _local_backend(backend, given.get(f"backends.{name}", model_server))
        for name, backend in config.backends.items()
    }
    models = {name: _local_model(name, model, given, model_server) for name, model in config.models.items()}
    origin_lock = config.origin_lock.model_copy(update={"generation": generation})
    return config.model_copy(
        update={
            "backends": backends,
            "models": models,
            "issuers": {
                name: issuer.model_copy(update={"url": (issuers or {}).get(name, issuer.url)})
                for name, issuer in config.issuers.items()
            },
            "origin_lock": origin_lock,
        }
    )


def _local_backend(backend: BackendConfig, server: str) -> BackendConfig:
    if not isinstance(backend, HttpBackendConfig):
        return backend
    return backend.model_copy(update={"url": _moved(backend.url, server), "insecure": True})


def _local_model(name: str, model: ModelConfig, given: Mapping[str, str], usual: str) -> ModelConfig:
    server = given.get(f"models.{name}", usual)
    if model.url is not None:
        return model.model_copy(update={"url": _moved(model.url, server), "insecure": True})
    versions = {
        version: its
        if its.url is None
        else its.model_copy(
            update={"url": _moved(its.url, given.get(place_of_version(name, version), server)), "insecure": True}
        )
        for version, its in model.versions.items()
    }
    return model.model_copy(update={"versions": versions})


def place_of_version(model: str, version: str) -> str:
    """Under which a server of a version is named, where that is not the backend's."""
    return f"models.{version_name(model, version)}"


def _moved(url: str, server: str) -> str:
    address = urlsplit(server)
    if address.path.strip("/") or address.query:
        return server
    return urlsplit(url)._replace(scheme=address.scheme, netloc=address.netloc).geturl()


def stood_in(config: GatewayConfig, *, model_server: str, servers: Mapping[str, str]) -> GatewayConfig:
    """`config` with HTTP servers in the place of load balancers and SageMaker endpoints, which nothing local has: those
    of `servers`, or else `model_server`. A domain name of the file is left out, unless several regions are behind it.

    A SageMaker endpoint is its container, at /invocations: SageMaker itself, with its errors, is not between. A
    function stays one, of the account that is here.
    """
    backends = {name: _here(backend) for name, backend in config.backends.items()}
    models = {name: _with_stand_ins(config, name, backends, model_server, servers) for name in config.models}
    used = {backend for model in models.values() for backend in model.backends}
    return config.model_copy(
        update={
            "backends": {name: backend for name, backend in backends.items() if name in used},
            "models": models,
            "edge": config.edge if len(config.regions) > 1 else config.edge.model_copy(update={"domain": None}),
        }
    )


def _with_stand_ins(
    config: GatewayConfig,
    name: str,
    backends: dict[str, BackendConfig],
    model_server: str,
    servers: Mapping[str, str],
) -> ModelConfig:
    """The model, and its versions, with backends that are here; those that are new are put into `backends`."""
    model, served = config.models[name], GatewayDesign.of(config).models[name].served
    changes: dict[str, str] = {}

    def stand_in(named: str | None, place: str) -> str | None:
        backend = backends.get(named or "")
        if not isinstance(backend, LoadBalancerBackendConfig | SagemakerBackendConfig):
            return None
        server = servers.get(place) or servers.get(f"backends.{named}") or servers.get(f"models.{name}", model_server)
        if isinstance(backend, SagemakerBackendConfig):
            url, of_the_model = _container(server, served)
            changes.update(of_the_model)
        else:
            url = _behind_a_load_balancer(server, served)
        own = next(each for each in map("local-{}".format, count()) if each not in backends)
        backends[own] = _http(url, backend)
        return own

    own = stand_in(model.backend, f"models.{name}")
    versions = {
        version: its.model_copy(update={"backend": here, **dict.fromkeys(TARGETS)})
        if (here := stand_in(its.backend, place_of_version(name, version)))
        else its
        for version, its in model.versions.items()
    }
    return model.model_copy(update={**({"backend": own} if own else {}), "versions": versions, **changes})


def _here(backend: BackendConfig) -> BackendConfig:
    if not isinstance(backend, LambdaBackendConfig):
        return backend
    said = backend.function
    by_name = {region: _name_of(each) for region, each in said.items()} if isinstance(said, Mapping) else _name_of(said)
    return backend.model_copy(update={"function": by_name})


def _name_of(function: str) -> str:
    return function.rpartition(":function:")[2]


def _container(server: str, served: ServedModel) -> tuple[str, dict[str, str]]:
    """The URL of a model's container, and what the model is then: raw, at the path of the protocol."""
    below = PROTOCOLS[served.protocol].base if served.protocol != "raw" else ""
    # A variable of the path has to lead somewhere, as it does toward SageMaker.
    query = "&".join(f"{name}={{{name}}}" for name in variables_of(served.path))
    return f"{_with_path(server, CONTAINER_PATH)}{'?' * bool(query)}{query}", {
        "protocol": "raw",
        "path": served.path + below,
    }


def _behind_a_load_balancer(server: str, served: ServedModel) -> str:
    raw = served.protocol == "raw"
    return _with_path(server, in_url(served.path) if raw else PROTOCOLS[served.protocol].base)


def _with_path(server: str, path: str) -> str:
    return server if urlsplit(server).path.strip("/") else server.rstrip("/") + path


def _http(url: str, backend: BackendConfig) -> HttpBackendConfig:
    """Not validated: its server is on loopback, where nobody but the local cloud reaches it."""
    found = HttpBackendConfig.model_construct(type="http", url=url, insecure=True)
    if not isinstance(backend, HttpServerConfig):
        return found
    sent = {"headers": backend.headers, "secret_headers": backend.secret_headers, "bearer": backend.bearer}
    return found.model_copy(update=sent)
