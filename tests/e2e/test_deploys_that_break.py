"""Deploys that fail, or whose CLI or cloud dies in the middle: nothing is lost, the gateway serves on, the next works.

The middle is where a wait condition holds the API or the edge stack, after all its other changes. Assemblies are
deployed as they are, as a pipeline does it. MiniStack 1.5.33 rolls back, and can save its state, but:

* It saves its state when it is stopped, not when it is killed: the cloud that comes back knows nothing of the deploy in
  whose middle it died. CloudFormation would know, and go on as it does here when the CLI alone is killed.
* So a CLI that still waits is told something wrong by the cloud that comes back: of a first deploy, that the stack has
  disappeared, which is shown; of an update, that the stack is complete, which the CLI takes for success. On AWS no
  stack forgets an update that it has begun; here the CLI is killed together with the cloud.
* A cloud that does not come back is not waited for: the CLI asks for more than two minutes, then ends with exit code 1
  and "connect ECONNREFUSED".
"""

import os
import signal as signals
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

import pytest

from demo.model_requests import JSON
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.bootstrap import bootstrap
from ml_gateway.local.cdk_cli import CdkRun
from ml_gateway.local.cloud import Cloud, free_port
from ml_gateway.local.gateway import LocalGateway, deployed_gateway
from ml_gateway.local.http_client import Request
from tests.e2e.faulty_server import SERVED, FaultyServer
from tests.e2e.held_deploy import Role, Versions, credentials, held_deploy, rates, signal, status_of
from tests.e2e.mortal_cloud import MortalCloud
from tests.e2e.quick_cdk import deployed_quickly

pytestmark = pytest.mark.e2e

FIRST, SECOND = "/first", "/second"
NUMBERS: Final = count(1)


@pytest.fixture
def versions(tmp_path: Path, faulty_server: FaultyServer) -> Versions:
    return Versions(name=f"deploys-{next(NUMBERS)}", directory=tmp_path, model_server=faulty_server.url)


@pytest.fixture
def first(cloud: Cloud, versions: Versions) -> Iterator[LocalGateway]:
    """Version 1, deployed."""
    with deployed_quickly(versions.config(1), cloud=cloud, cdk=versions.cdk(cloud)) as gateway:
        yield gateway


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What a deploy must not lose."""

    inventory: frozenset[str]
    credentials: dict[str, str]
    rates: list[float]
    sent: str
    """The credential that CloudFront sends."""


def kept_by(gateway: LocalGateway) -> Kept:
    name = gateway.config.name
    return Kept(
        inventory=gateway.inventory(),
        credentials=credentials(gateway.cloud, name),
        rates=rates(gateway.cloud, name),
        sent=CloudInventory(gateway.cloud).origin_headers(gateway.domain_name)["x-api-key"],
    )


def is_served(gateway: LocalGateway, path: str) -> bool:
    answer = gateway.send_through_edge(Request(method="POST", path=path, body=b"{}", headers=JSON))
    assert (answer.status, answer.json()) in [(200, SERVED), (403, {"message": "Missing Authentication Token"})]
    return answer.status == 200


def secret(gateway: LocalGateway, generation: int) -> str:
    return credentials(gateway.cloud, gateway.config.name)[f"{gateway.config.name}/origin/{generation}"]


def expect_second(gateway: LocalGateway, before: Kept) -> None:
    """Version 2 is deployed: it is served, and has added what it has to what there was."""
    after = kept_by(gateway)
    assert (is_served(gateway, FIRST), is_served(gateway, SECOND)) == (False, True)
    assert (after.rates, after.sent) == ([900], secret(gateway, 2))
    assert before.inventory < after.inventory
    assert before.credentials.items() < after.credentials.items()
    assert len(after.credentials) == len(before.credentials) + 2


def deploy_second(gateway: LocalGateway, versions: Versions) -> None:
    gateway.cdk.app = str(versions.assembly(2, cloud=gateway.cloud))
    gateway.cdk.deploy()


def deploy_that_fails(gateway: LocalGateway, versions: Versions, role: Role) -> CdkRun:
    stack = versions.stack(role)
    assembly = versions.assembly(2, cloud=gateway.cloud, held=role)
    with held_deploy(gateway.cdk, assembly, cloud=gateway.cloud, stack=stack) as running:
        assert status_of(gateway.cloud, stack) == "UPDATE_IN_PROGRESS"
        # What is rolled back has been changed before.
        changed = kept_by(gateway)
        assert (changed.rates, changed.sent) == ([900], secret(gateway, 2 if role == "edge" else 1))
        signal(gateway.cloud, stack, "FAILURE")
        ended = running.wait()
    assert status_of(gateway.cloud, stack) == "UPDATE_ROLLBACK_COMPLETE"
    return ended


def kill(process: int) -> None:
    """Kill a child of ours, which leads a session of its own, with all that it started."""
    os.killpg(process, signals.SIGKILL)


def expect_failure(ended: CdkRun, *reasons: str) -> None:
    log = ended.log.read_text()
    assert ended.exit_code == 1
    assert [reason for reason in reasons if reason not in log] == [], log


def test_api_that_fails_to_change_rolls_back_and_the_old_gateway_serves(
    first: LocalGateway, versions: Versions
) -> None:
    before = kept_by(first)
    assert (before.rates, before.sent) == ([1000], secret(first, 1))

    ended = deploy_that_fails(first, versions, "api")

    expect_failure(ended, f"{versions.stack('api')} failed to deploy", "failed to create: [Hold]")
    assert status_of(first.cloud, versions.stack("edge")) == "CREATE_COMPLETE"
    assert (is_served(first, FIRST), is_served(first, SECOND)) == (True, False)
    after = kept_by(first)
    # The next secret is there, in a stack that was complete before; nothing uses it yet.
    assert after.inventory - before.inventory == {f"secretsmanager list_secrets us-east-1 {versions.name}/origin/2"}
    assert after.credentials.items() - before.credentials.items() == {(f"{versions.name}/origin/2", secret(first, 2))}
    assert (after.sent, after.rates) == (before.sent, before.rates)

    deploy_second(first, versions)
    expect_second(first, before)


def test_edge_that_fails_to_change_rolls_back_and_its_old_secret_still_opens_the_new_api(
    first: LocalGateway, versions: Versions
) -> None:
    before = kept_by(first)

    ended = deploy_that_fails(first, versions, "edge")

    expect_failure(ended, f"{versions.stack('edge')} failed to deploy", "failed to create: [Hold]")
    assert status_of(first.cloud, versions.stack("api")) == "UPDATE_COMPLETE"
    after = kept_by(first)
    assert (after.sent, after.rates) == (before.sent, [900])
    assert after.credentials.items() > before.credentials.items()
    assert (is_served(first, FIRST), is_served(first, SECOND)) == (False, True)

    deploy_second(first, versions)
    expect_second(first, before)


def test_deploy_whose_cli_is_killed_goes_on_and_the_next_run_completes_it(
    first: LocalGateway, versions: Versions
) -> None:
    before = kept_by(first)
    stack = versions.stack("api")
    assembly = versions.assembly(2, cloud=first.cloud, held="api")
    with held_deploy(first.cdk, assembly, cloud=first.cloud, stack=stack) as running:
        kill(running.process.pid)
        assert running.wait().exit_code == -signals.SIGKILL
    assert status_of(first.cloud, stack) == "UPDATE_IN_PROGRESS"
    assert is_served(first, SECOND)
    assert kept_by(first).sent == before.sent

    with first.cdk.deploying() as running:
        signal(first.cloud, stack, "SUCCESS")
        assert running.wait().exit_code == 0

    expect_second(first, before)


@pytest.fixture
def mortal(tmp_path: Path) -> MortalCloud:
    """With nothing in it but what the CLI needs."""
    mortal = MortalCloud(directory=tmp_path, port=free_port(), starts=count(1))
    with mortal.started() as cloud:
        bootstrap(cloud, ["us-east-1"])
    return mortal


def test_deploys_whose_cloud_is_killed_lose_nothing_and_work_when_they_are_run_again(
    mortal: MortalCloud, versions: Versions
) -> None:
    with (
        revived_in_a_first_deploy(mortal, versions) as cloud,
        deployed_gateway(versions.config(1), cloud=cloud, cdk=versions.cdk(cloud)) as gateway,
    ):
        assert is_served(gateway, FIRST)
        before = kept_by(gateway)

    kill_in_an_update(mortal, versions, before)
    with mortal.started() as cloud:
        assert CloudInventory(cloud).inventory(["us-east-1"]) == before.inventory
        assert credentials(cloud, versions.name) == before.credentials
        with deployed_gateway(versions.config(1), cloud=cloud, cdk=versions.cdk(cloud)) as gateway:
            assert is_served(gateway, FIRST)
            assert kept_by(gateway) == before
            deploy_second(gateway, versions)
            expect_second(gateway, before)


@contextmanager
def revived_in_a_first_deploy(mortal: MortalCloud, versions: Versions) -> Iterator[Cloud]:
    """The cloud dies in the middle, and comes back as it was before; the deploy fails."""
    stack = versions.stack("api")
    with mortal.started() as cloud:
        prepared = CloudInventory(cloud).inventory(["us-east-1"])
        assembly = versions.assembly(1, cloud=cloud, held="api")
        with held_deploy(versions.cdk(cloud), assembly, cloud=cloud, stack=stack) as running:
            kill(cloud.process_id)
            with mortal.started() as restarted:
                ended = running.wait()
                assert CloudInventory(restarted).inventory(["us-east-1"]) == prepared
                expect_failure(ended, f"{stack} failed to deploy")
                yield restarted


def kill_in_an_update(mortal: MortalCloud, versions: Versions, before: Kept) -> None:
    """The cloud dies, and the CLI with it, when the secret of the next generation is there already."""
    with mortal.started() as cloud:
        assembly = versions.assembly(2, cloud=cloud, held="api")
        with held_deploy(versions.cdk(cloud), assembly, cloud=cloud, stack=versions.stack("api")) as running:
            assert credentials(cloud, versions.name).items() > before.credentials.items()
            kill(cloud.process_id)
            kill(running.process.pid)
