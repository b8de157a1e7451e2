"""A new version comes to models that are in use, gets more of their requests, and is all that is left. In order.

Not shown, as it is not so here: overrides reach every place at once, CloudWatch looks at no metric, and EventBridge
hands nothing on; the function that rolls back gets the event that it would get.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

import pytest
import yaml

from demo import rollouts as observed
from demo.observations import Observation
from demo.sample_server import SampleServer
from ml_gateway.local.cdk_cli import CdkCli
from ml_gateway.local.cloud import Cloud
from ml_gateway.local.gateway import LocalGateway, deployed_gateway
from ml_gateway.local.processes import LocalCloudError
from ml_gateway.naming import rollback_alarm
from ml_gateway.reading import load_config
from tests.e2e.quick_cdk import quick_cdk
from tests.e2e.rollouts import CHOOSE, NAME, STEPS, Rollouts, broken_function

pytestmark = pytest.mark.e2e

USERS: Final = [f"user-{number}" for number in range(20)]
A_MOMENT: Final = 0.02
"""Seconds: between the API and the edge a deploy takes some tenths of one."""
ALARM: Final = rollback_alarm(NAME, "fraud", "v2")


@pytest.fixture(scope="module")
def rollouts(
    cloud: Cloud,
    sample_server: SampleServer,
    headers_function: None,  # noqa: ARG001 (it has to be there)
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Rollouts]:
    directory = tmp_path_factory.mktemp("rollouts")
    file = directory / "first.yaml"
    file.write_text(yaml.safe_dump(STEPS["plain"]))
    config = load_config(file)
    cdk = quick_cdk(config, cloud=cloud, model_server=sample_server.url)
    with deployed_gateway(config, cloud=cloud, cdk=cdk) as gateway:
        yield Rollouts(gateway=gateway, directory=directory, model_server=sample_server.url)
        cdk.destroy()


def by_user(rollouts: Rollouts) -> dict[str, str]:
    return {user: rollouts.version("/fraud", x_user_id=user) for user in USERS}


def test_versions_come_to_models_that_are_in_use(rollouts: Rollouts) -> None:
    assert rollouts.version("/score") == "/one"
    assert rollouts.deploy("split") == {"200"}


def test_requests_are_split_by_their_shares(rollouts: Rollouts) -> None:
    found = Counter(rollouts.version("/score") for _ in range(200))
    assert found.keys() == {"/one", "/two"}
    # 80 of 200 by chance: five standard deviations are 35.
    assert 45 <= found["/two"] <= 115


def test_the_same_user_gets_the_same_version(rollouts: Rollouts) -> None:
    found = by_user(rollouts)
    assert set(found.values()) == {"/one", "/two"}
    assert by_user(rollouts) == found


def test_each_version_may_have_a_backend_of_another_type(rollouts: Rollouts) -> None:
    assert rollouts.version("/mixed") == "/one"
    assert rollouts.version("/mixed", x_model_version="v2") == "function"


@pytest.mark.parametrize(("named", "answered"), [("v1", "/one"), ("v2", "/two")])
def test_a_caller_may_choose_where_the_file_says_so(rollouts: Rollouts, named: str, answered: str) -> None:
    assert {rollouts.version("/score", x_model_version=named) for _ in range(8)} == {answered}


@pytest.mark.parametrize("named", ["v3", "V1", "", "v1,v2", "__proto__"])
def test_a_version_that_is_not_there_is_not_found(rollouts: Rollouts, named: str) -> None:
    answer = rollouts.ask("/score", **{CHOOSE.replace("-", "_"): named})
    assert (answer.status, answer.json()["code"]) == (404, "unknown_url")


HIDDEN: Final = [
    "/fraud--v1", "/fraud--v2/fraud", "/fraud--v2/fraud/", "/fraud--v3/fraud", "/fraud--", "/FRAUD--V2/fraud",
    "/fraud%2D%2Dv2/fraud", "/%66raud--v2/fraud", "/fraud-%2dv2/fraud", "/score--v1/score", "/mixed--v2/mixed",
]  # fmt: skip


@pytest.mark.parametrize("path", HIDDEN)
def test_no_caller_reaches_a_version_by_its_path(rollouts: Rollouts, path: str) -> None:
    answer = rollouts.ask(path)
    assert (answer.status, answer.json()["code"]) == (404, "unknown_url")


@pytest.mark.parametrize("path", ["/fraudulent", "/fraud-v2", "/x/fraud--v2/fraud"])
def test_what_looks_alike_is_api_gateways_to_refuse(rollouts: Rollouts, path: str) -> None:
    assert rollouts.ask(path).status == 403


@pytest.mark.parametrize(
    ("observe", "right", "wrong"),
    [
        (observed.versions_are_hidden, "if(isOfAVersion(path))", "if(false)"),
        (observed.versions_are_hidden, ".toLowerCase();return SETTINGS.splits", ";return SETTINGS.splits"),
        (observed.versions_are_chosen, "split.versions.indexOf(header.value)", "0"),
    ],
)
def test_the_rows_of_the_demo_hold_and_notice_a_broken_function(
    rollouts: Rollouts, observe: Callable[[LocalGateway], Observation], right: str, wrong: str
) -> None:
    gateway = replace(rollouts.gateway, config=load_config(rollouts.file("split")))
    assert observe(gateway).held
    with broken_function(rollouts.inventory, right, wrong):
        assert not observe(gateway).held


def test_an_override_holds_at_once_and_leaves_nothing_behind(rollouts: Rollouts) -> None:
    before = by_user(rollouts)
    rollouts.store.put("fraud", {"split": {"v1": 100, "v2": 0}, "instead_of": {"v1": 60, "v2": 40}})
    assert set(by_user(rollouts).values()) == {"/one"}
    rollouts.store.put("fraud", {"split": {"v1": 100, "v2": 0}, "instead_of": {"v1": 50, "v2": 50}})
    assert by_user(rollouts) == before
    rollouts.store.release("fraud")
    assert by_user(rollouts) == before


def test_a_version_that_fails_loses_its_callers_everywhere(rollouts: Rollouts) -> None:
    before = by_user(rollouts)
    for alarm, state in ((ALARM, "OK"), (rollback_alarm(NAME, "score", "v2"), "ALARM"), ("fraud", "ALARM")):
        rollouts.roll_back(alarm, state)
    assert (rollouts.store.keys(), by_user(rollouts)) == ({}, before)
    rollouts.roll_back(ALARM)
    rollouts.roll_back(ALARM)
    assert rollouts.store.keys() == {"fraud": {"split": {"v1": 100, "v2": 0}, "instead_of": {"v1": 60, "v2": 40}}}
    assert set(by_user(rollouts).values()) == {"/one"}


def test_other_shares_are_a_deploy_of_the_edge_alone_and_end_the_override(rollouts: Rollouts) -> None:
    deployment, updated = rollouts.deployment, rollouts.updated()
    assert rollouts.deploy("other shares") == {"200"}
    assert (rollouts.store.keys(), rollouts.deployment) == ({}, deployment)
    assert {name for name, at in rollouts.updated().items() if at != updated[name]} == {f"{NAME}-edge"}
    assert set(by_user(rollouts).values()) == {"/one", "/two"}


def test_a_deploy_that_fails_brings_no_version_back(rollouts: Rollouts) -> None:
    def fail(cdk: CdkCli) -> None:
        with pytest.raises(LocalCloudError, match="cdk deploy failed"):
            cdk.deploy()

    rollouts.roll_back(ALARM)
    overrides = rollouts.store.keys()
    assert rollouts.fail("shares that fail", fail) == {"200"}
    assert list(overrides) == ["fraud"]
    assert rollouts.store.keys() == overrides
    assert set(by_user(rollouts).values()) == {"/one"}


def test_the_shares_of_before_bring_no_override_back(rollouts: Rollouts) -> None:
    assert rollouts.deploy("split") == {"200"}
    assert rollouts.store.keys() == {}
    assert set(by_user(rollouts).values()) == {"/one", "/two"}


@pytest.mark.parametrize("step", ["all of it", "one version", "the next one"])
def test_a_version_becomes_the_only_one_and_the_model_again(rollouts: Rollouts, step: str) -> None:
    assert rollouts.deploy(step) == {"200"}
    assert set(by_user(rollouts).values()) == {"/two"}
    assert rollouts.ask("/score--v2/score").status == 404


def test_the_next_version_comes_below_the_only_one(rollouts: Rollouts) -> None:
    assert rollouts.version("/score") == "/two"
    assert rollouts.version("/score", x_model_version="v3") == "/one"
    assert rollouts.ask("/score", x_model_version="v1").status == 404


def test_versions_that_are_taken_out_under_the_edge_refuse_until_it_is_deployed(rollouts: Rollouts) -> None:
    assert "OverridesCommand" in rollouts.outputs
    # What API Gateway says of a path that is not there, as the file has no errors.
    assert rollouts.deploy("plain again", pace=A_MOMENT) == {"200", "403"}
    assert rollouts.version("/score") == "/two"
    assert "OverridesCommand" not in rollouts.outputs
