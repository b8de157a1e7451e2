"""`ml-gateway local`: the gateway on this machine, with servers of this machine behind it."""

import importlib.util
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ml_gateway.cli.files import usual_file
from ml_gateway.config import GatewayConfig, LoadBalancerBackendConfig, SagemakerBackendConfig, VersionConfig
from ml_gateway.conflicts import ConfigError
from ml_gateway.reading import load
from ml_gateway.serving import version_name
from ml_gateway.serving.versions import MARK
from ml_gateway.wording import shown, suggestion

USUAL_PORT: Final = 8080


class ServerError(Exception):
    """What was named is no server of this gateway; the message says why."""


def local(
    *, file: Path | None = None, backend: tuple[str, ...] = (), port: int = USUAL_PORT, json_: bool = False
) -> int:
    """Run the gateway on this machine, in an AWS that is emulated, with your own servers behind it.

    The CDK CLI deploys it, and it answers at one port of loopback as the distribution would, until Ctrl-C; then all of
    it is stopped and removed. A model that no server is named for is answered by a stand-in, which says so.

    Parameters
    ----------
    file
        The file to run; by default the one that cdk.json names, or gateway.yaml.
    backend
        A model or backend of the file and its server here, such as llama=http://127.0.0.1:8000; again for another one.
    port
        Where it answers; 0 for any port that is free.
    json_
        Print a line with the address, the models and the keys when it is ready, and a line for each request.
    """
    named = file or usual_file()
    try:
        config = load(named).config
        servers = servers_of(backend, config)
    except (ConfigError, ServerError) as error:
        print(error, file=sys.stderr)
        return 1
    for needed in ("boto3", "jwt", "ministack"):
        if importlib.util.find_spec(needed) is None:
            print("this needs what another extra brings along: pip install 'ml-gateway[cli,local]'", file=sys.stderr)
            return 1
    # Not above: it takes a while to load, and needs that extra.
    from ml_gateway.cli.local_run import LocalRun

    return LocalRun(file=named, config=config, servers=servers, port=port, as_json=json_).until_told_to_stop()


def servers_of(written: Sequence[str], config: GatewayConfig) -> dict[str, str]:
    """The URL of each server that is named, by the place of its backend or model. Raises ServerError."""
    found: dict[str, str] = {}
    for each in written:
        place, url = server_of(each, config)
        if place in found:
            raise ServerError(f"--backend {shown(each)}: {place} has a server already, {shown(found[place])}; keep one")
        found[place] = url
    return found


def server_of(written: str, config: GatewayConfig) -> tuple[str, str]:
    """The place of the backend or model that a --backend names, and the URL of its server. Raises ServerError."""
    name, _, url = written.partition("=")
    try:
        address = urlsplit(url)
        right = address.scheme in ("http", "https") and address.hostname and address.port != 0
        right = right and not address.fragment and not re.search(r"\s", url)
    except ValueError:
        right = False
    if not right:
        example = f"{next(iter(config.models))}=http://127.0.0.1:8000"
        raise ServerError(
            f"--backend {shown(written)} names no server; write a model and its URL here, such as {example}"
        )
    return _place_of(name, config), url


def _place_of(name: str, config: GatewayConfig) -> str:
    versions = versions_of(config)
    if name in versions:
        backend = versions[name].backend
        # One endpoint, or load balancer, may serve several versions; here each has a server of its own.
        by_itself = backend is None or isinstance(
            config.backends[backend], SagemakerBackendConfig | LoadBalancerBackendConfig
        )
        return f"models.{name}" if by_itself else f"backends.{backend}"
    if name in config.models:
        return f"backends.{config.models[name].backend}" if config.models[name].backend else f"models.{name}"
    if name in config.backends:
        return f"backends.{name}"
    known = (*config.models, *versions, *config.backends)
    raise ServerError(f"--backend {shown(name)}: the file has no such model or backend; {suggestion(name, known)}")


def versions_of(config: GatewayConfig) -> dict[str, VersionConfig]:
    """Each version of a model, called as in its path: `fraud--v2`."""
    return {
        version_name(name, version): its
        for name, model in config.models.items()
        for version, its in model.versions.items()
    }


def server_for(model: str, config: GatewayConfig, servers: Mapping[str, str]) -> str | None:
    """The URL that was named for a model or a version of one, or for its backend; None if none was."""
    own = servers.get(_place_of(model, config))
    version = versions_of(config).get(model)
    if own or version is None:
        return own
    # One that is named for the model is that of each version which has none of its own.
    of_all, _, _ = model.partition(MARK)
    return servers.get(f"backends.{version.backend}") or servers.get(f"models.{of_all}")
