"""What the demo claims of gateways whose models have versions."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from demo.model_requests import model_request
from demo.observations import Observation, distinct
from ml_gateway.config import HttpBackendConfig
from ml_gateway.design import GatewayDesign, Split
from ml_gateway.local.gateway import LocalGateway
from ml_gateway.serving import version_name


def versions_are_hidden(gateway: LocalGateway) -> Observation:
    return Observation(
        claim="no caller reaches a version of a model by its path",
        expected="404",
        observed=distinct(_statuses_of_hidden(gateway)),
    )


def versions_are_chosen(gateway: LocalGateway) -> Observation:
    """Each version of each model that lets callers choose, by the path at which its server was asked."""
    chosen = [(split, version) for split in choosable(gateway.design) for version in split.shares]
    return Observation(
        claim="who names a version of a model gets that one",
        expected=", ".join(path_of(gateway.design, split, version) for split, version in chosen),
        observed=", ".join(_asked_at(gateway, split, version) for split, version in chosen),
    )


def choosable(design: GatewayDesign) -> list[Split]:
    """Those whose servers can be told apart here, where one server stands in for all."""
    found = []
    for split in design.edge.splits:
        paths = {path_of(design, split, version) for version in split.shares}
        if split.choose and 1 < len(split.shares) == len(paths):
            found.append(split)
    return found


def path_of(design: GatewayDesign, split: Split, version: str) -> str:
    """What the paths at which the version's server is asked begin with."""
    backend = design.models[split.model].versions[version].backend
    return urlsplit(backend.url).path if isinstance(backend, HttpBackendConfig) else ""


def _statuses_of_hidden(gateway: LocalGateway) -> Iterator[str]:
    for split in gateway.design.edge.splits:
        request = model_request(gateway.design, split.model)
        for version in split.shares:
            path = f"/{version_name(split.model, version)}{request.path}"
            for spelled in (path, path.upper(), path.replace("--", "-%2D")):
                yield str(gateway.send_through_edge(replace(request, path=spelled)).status)


def _asked_at(gateway: LocalGateway, split: Split, version: str) -> str:
    """The path of the version that was asked, or what came instead."""
    request = model_request(gateway.design, split.model)
    chosen = replace(request, body=b"{}", headers={**request.headers, str(split.choose): version})
    answer = gateway.send_through_edge(chosen)
    asked = str((answer.json() or {}).get("received", {}).get("path", answer.status))
    paths = [path_of(gateway.design, split, each) for each in split.shares]
    # The longest: one may begin as another does.
    return max((path for path in paths if asked.startswith(path)), key=len, default=asked)
