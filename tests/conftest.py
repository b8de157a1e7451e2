"""Shared fixtures. The default file is synthesized once a session."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from ml_gateway import GatewayConfig, load_config
from tests.constructs.firewalls import each_firewall
from tests.synthesis import TOP, Json, Templates, synthesize

# No deadline for an example: the machine may have other work to do.
settings.register_profile("usual", deadline=None)
settings.load_profile("usual")
settings.register_profile("long", deadline=None, max_examples=10_000)
"""What `make fuzz` chooses."""


class SharedStarts(LoadScopeScheduling):  # type: ignore[misc]  # pytest-xdist has no types
    """One process runs all tests of a folder that share what takes long to start.

    Of the other tests one process runs those of a file; each that has some of e2e starts a local cloud, in seconds.
    `--dist loadgroup` would do, but pytest-xdist 3.8.0 writes its groups where pytest 9.2 no longer reads them.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder = file.split("/")[1]
        return folder if folder in ("conformance", "iam", "real") else file


LONG = ("conformance", "real", "e2e", "cli")
"""Folders that begin first, as what begins last keeps all others waiting."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    folders = [*LONG, ""]
    items.sort(key=lambda item: folders.index(item.path.parent.name if item.path.parent.name in LONG else ""))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SharedStarts:
    return SharedStarts(config, log)


@pytest.fixture(scope="session")
def default_config() -> GatewayConfig:
    return load_config(TOP / "gateway.yaml")


@pytest.fixture(scope="session")
def templates(default_config: GatewayConfig) -> Templates:
    return synthesize(default_config)


@pytest.fixture(scope="session")
def api(templates: Templates) -> Json:
    return templates["api"]


@pytest.fixture(scope="session")
def edge(templates: Templates) -> Json:
    return templates["edge"]


@pytest.fixture(scope="session")
def other_config() -> GatewayConfig:
    """Another region, two models, a third generation: what the default file does not show."""
    return load_config(Path(TOP / "examples" / "two_models.yaml"))


@pytest.fixture(scope="session")
def other_templates(other_config: GatewayConfig) -> Templates:
    return synthesize(other_config)


@pytest.fixture(scope="session")
def every_config() -> GatewayConfig:
    """Every type of backend, several protocols, errors in a dialect."""
    return load_config(TOP / "examples" / "every_backend.yaml")


@pytest.fixture(scope="session")
def every_templates(every_config: GatewayConfig) -> Templates:
    return synthesize(every_config)


@pytest.fixture(scope="session")
def two_regions_templates() -> Templates:
    """Several regions behind one name."""
    return synthesize(load_config(TOP / "examples" / "two_regions.yaml"))


@pytest.fixture(scope="session")
def multi_tenant_config() -> GatewayConfig:
    """Several plans, clients with keys of their own, a cache."""
    return load_config(TOP / "examples" / "multi_tenant.yaml")


@pytest.fixture(scope="session")
def multi_tenant_templates(multi_tenant_config: GatewayConfig) -> Templates:
    return synthesize(multi_tenant_config)


@pytest.fixture(scope="session")
def identities_config() -> GatewayConfig:
    """Clients that an authorizer tells apart, by keys and by tokens."""
    return load_config(TOP / "examples" / "identities.yaml")


@pytest.fixture(scope="session")
def identities_templates(identities_config: GatewayConfig) -> Templates:
    return synthesize(identities_config)


@pytest.fixture(scope="session")
def rollouts_config() -> GatewayConfig:
    """Versions of models side by side, among them one that is rolled back."""
    return load_config(TOP / "examples" / "rollouts.yaml")


@pytest.fixture(scope="session")
def rollouts_templates(rollouts_config: GatewayConfig) -> Templates:
    return synthesize(rollouts_config)


@pytest.fixture(scope="session")
def complete_config() -> GatewayConfig:
    """Everything that the edge can do, and alerts."""
    return load_config(TOP / "examples" / "complete.yaml")


@pytest.fixture(scope="session")
def complete_templates(complete_config: GatewayConfig) -> Templates:
    return synthesize(complete_config)


@pytest.fixture(scope="session")
def firewalls() -> Templates:
    """Firewalls at the edge, each in a stack of its own: `each_firewall`."""
    return each_firewall()
