"""Shared fixtures. Each example is synthesized once, for all processes of a run.

What loads the CDK is imported by the fixtures. The process that hands out the tests needs none of it, and those that
run them start after it.
"""

from __future__ import annotations

import gc
import json
import os
import signal
from collections.abc import Generator, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from ml_gateway import GatewayConfig, load_config
from ml_gateway.local.processes import STOPPING_SIGNALS
from tests.files import TOP

if TYPE_CHECKING:
    from tests.synthesis import AssemblyOf, Json, Templates, TemplatesOf

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


LONG = ("conformance", "real", "fuzz", "e2e", "cli")
"""Folders that begin first, as what begins last keeps all others waiting. The first two wait for what they start."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is loaded before the tests begin stays: to look for garbage in it took 4 of 10 seconds."""
    gc.disable()
    collected = yield
    gc.freeze()
    gc.enable()
    return collected


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    folders = [*LONG, ""]
    items.sort(key=lambda item: folders.index(item.path.parent.name if item.path.parent.name in LONG else ""))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SharedStarts:
    return SharedStarts(config, log)


@pytest.fixture(scope="session", autouse=True)
def can_be_interrupted() -> Iterator[None]:
    """A shell starts what runs in its background with SIGINT ignored, and every child inherits that."""
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, usual)


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """A command that a test runs in this process decides what signals do for all of it."""
    usual = {number: signal.getsignal(number) for number in STOPPING_SIGNALS}
    yield
    for number, handler in usual.items():
        signal.signal(number, handler)


@pytest.fixture(scope="session")
def assembly_of(tmp_path_factory: pytest.TempPathFactory) -> AssemblyOf:
    """The assembly of an example, by its name. It is synthesized once, whichever process needs it first."""
    from tests.released.examples import EXAMPLES, synthesized_once

    own = tmp_path_factory.getbasetemp()
    shared = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "examples"
    shared.mkdir(exist_ok=True)
    return lambda name: synthesized_once(EXAMPLES[name], shared / name)


@pytest.fixture(scope="session")
def templates_of(assembly_of: AssemblyOf) -> TemplatesOf:
    """The templates of an example by the roles of their stacks, as `synthesize` has them; an app has one, `app`."""
    from tests.released.examples import EXAMPLES, FILES
    from tests.synthesis import templates_in

    def templates_of(name: str) -> Templates:
        assembly = assembly_of(name)
        if EXAMPLES[name] in FILES:
            return templates_in(assembly, load_config(EXAMPLES[name]))
        (template,) = assembly.glob("*.template.json")
        return {"app": json.loads(template.read_text())}

    return cache(templates_of)


@pytest.fixture(scope="session")
def default_config() -> GatewayConfig:
    return load_config(TOP / "gateway.yaml")


@pytest.fixture(scope="session")
def templates(templates_of: TemplatesOf) -> Templates:
    return templates_of("gateway")


@pytest.fixture(scope="session")
def api(templates: Templates) -> Json:
    return templates["api"]


@pytest.fixture(scope="session")
def edge(templates: Templates) -> Json:
    return templates["edge"]


@pytest.fixture(scope="session")
def other_config() -> GatewayConfig:
    """Another region, two models, a third generation: what the default file does not show."""
    return load_config(TOP / "examples" / "two_models.yaml")


@pytest.fixture(scope="session")
def other_templates(templates_of: TemplatesOf) -> Templates:
    return templates_of("two_models")


@pytest.fixture(scope="session")
def every_config() -> GatewayConfig:
    """Every type of backend, several protocols, errors in a dialect."""
    return load_config(TOP / "examples" / "every_backend.yaml")


@pytest.fixture(scope="session")
def every_templates(templates_of: TemplatesOf) -> Templates:
    return templates_of("every_backend")


@pytest.fixture(scope="session")
def two_regions_templates(templates_of: TemplatesOf) -> Templates:
    """Several regions behind one name."""
    return templates_of("two_regions")


@pytest.fixture(scope="session")
def multi_tenant_config() -> GatewayConfig:
    """Several plans, clients with keys of their own, a cache."""
    return load_config(TOP / "examples" / "multi_tenant.yaml")


@pytest.fixture(scope="session")
def multi_tenant_templates(templates_of: TemplatesOf) -> Templates:
    return templates_of("multi_tenant")


@pytest.fixture(scope="session")
def identities_config() -> GatewayConfig:
    """Clients that an authorizer tells apart, by keys and by tokens."""
    return load_config(TOP / "examples" / "identities.yaml")


@pytest.fixture(scope="session")
def identities_templates(templates_of: TemplatesOf) -> Templates:
    return templates_of("identities")


@pytest.fixture(scope="session")
def rollouts_config() -> GatewayConfig:
    """Versions of models side by side, among them one that is rolled back."""
    return load_config(TOP / "examples" / "rollouts.yaml")


@pytest.fixture(scope="session")
def rollouts_templates(templates_of: TemplatesOf) -> Templates:
    return templates_of("rollouts")


@pytest.fixture(scope="session")
def complete_config() -> GatewayConfig:
    """Everything that the edge can do, and alerts."""
    return load_config(TOP / "examples" / "complete.yaml")


@pytest.fixture(scope="session")
def complete_templates(templates_of: TemplatesOf) -> Templates:
    return templates_of("complete")


@pytest.fixture(scope="session")
def firewalls() -> Templates:
    """Firewalls at the edge, each in a stack of its own: `each_firewall`."""
    from tests.constructs.firewalls import each_firewall

    return each_firewall()
