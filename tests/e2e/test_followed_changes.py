"""Whoever follows a change notices what is wrong with it: each deploy here has a fault that was put into it."""

import copy
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from demo.sample_server import SampleServer
from ml_gateway.local.cloud import Cloud
from ml_gateway.review.interruptions import UNTIL_THE_EDGE
from tests.e2e.drawn_edits import HOST, Data
from tests.e2e.expected_answers import INTERRUPTIONS, NOT_DRAWN
from tests.e2e.followed_change import FollowedChange
from tests.e2e.stack_deployer import Role, Stacks
from tests.e2e.test_drawn_changes import DrawnGateway
from tests.files import MISSING, changed
from tests.synthesis import TOP, Json

pytestmark = pytest.mark.e2e

OPEN: Final[Data] = {
    "name": "drawn",
    "regions": ["us-east-1"],
    "models": {"sound": {"url": f"{HOST}/sound"}, "chat": {"url": f"{HOST}/chat"}},
    "plans": {"gold": {"rate": "1000/s", "burst": 1000}},
    "origin_lock": {"generation": 1},
}
KEYED: Final[Data] = changed({"clients.app": {"plan": "gold"}, "clients.batch": {"plan": "gold"}}, OPEN)
WITHOUT_CHAT: Final[Data] = changed({"models.chat": MISSING}, OPEN)

Change = Callable[[Data, Data], FollowedChange]


@pytest.fixture
def change(cloud: Cloud, sample_server: SampleServer, tmp_path: Path) -> Change:
    """From one version, which is deployed, to another, which is to be."""

    def following(old: Data, new: Data) -> FollowedChange:
        gateway = DrawnGateway(cloud=cloud, model_server=sample_server.url, directory=tmp_path, first=old)
        return gateway.changing_to(new)

    return following


def with_paths(stacks: Stacks, paths: Callable[[Json], Json]) -> Stacks:
    """With other paths in the document of the API."""
    template = copy.deepcopy(stacks["api"].template)
    (api,) = [each for each in template["Resources"].values() if each["Type"] == "AWS::ApiGateway::RestApi"]
    api["Properties"]["Body"]["paths"] = paths(api["Properties"]["Body"]["paths"])
    return {**stacks, "api": replace(stacks["api"], template=template)}


def test_an_edge_that_is_deployed_before_its_api_is_noticed(change: Change) -> None:
    rotated = change(OPEN, changed({"origin_lock.generation": 2}, OPEN))
    with pytest.raises(AssertionError, match="403"):
        rotated.deploy(roles=["keys", "edge", "api"])


def test_a_route_that_gets_lost_is_noticed(change: Change) -> None:
    followed = change(WITHOUT_CHAT, OPEN)
    followed.after = with_paths(followed.after, lambda paths: {"/chat": paths["/chat"]})
    with pytest.raises(AssertionError, match="403"):
        followed.deploy()


def test_a_route_that_stays_is_noticed(change: Change) -> None:
    removed = change(OPEN, WITHOUT_CHAT)
    removed.after = with_paths(removed.after, lambda paths: {**paths, "/chat": paths["/sound"]})
    with pytest.raises(AssertionError, match="POST /chat as None"):
        removed.deploy()


def test_a_key_that_still_opens_is_noticed(change: Change) -> None:
    removed = change(KEYED, changed({"clients.batch": MISSING}, KEYED))
    removed.after = {**removed.after, "api": removed.before["api"]}
    with pytest.raises(AssertionError, match="as \\('batch', 'default'\\)"):
        removed.deploy()


def test_a_failure_that_leaves_the_new_version_is_noticed(change: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    removed = change(OPEN, WITHOUT_CHAT)
    deploy = removed.gateway.deployer.deploy

    def not_rolled_back(stacks: Stacks, *, failing: Role, **rest: Any) -> dict[Role, str]:
        return {**deploy(stacks, **{**rest, "roles": ["keys", failing]}), failing: "UPDATE_ROLLBACK_COMPLETE"}

    monkeypatch.setattr(removed.gateway.deployer, "deploy", not_rolled_back)
    with pytest.raises(AssertionError, match="POST /chat as None"):
        removed.deploy(failing="api")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (OPEN, WITHOUT_CHAT),
        (KEYED, changed({"clients.batch": MISSING}, KEYED)),
        (KEYED, OPEN),
        (OPEN, KEYED),
        (OPEN, changed({"stage": "v2"}, OPEN)),
        (KEYED, changed({"clients.app.plan": {"rate": "1000/s", "burst": 1000}}, KEYED)),
        (changed({"edge.health": "/health"}, OPEN), OPEN),
        (changed({"edge.cors": {"origins": ["*"]}}, OPEN), OPEN),
    ],
    ids=["model", "client", "last client", "first client", "stage", "plan", "health", "cors"],
)
def test_what_the_review_does_not_say_is_noticed(change: Change, old: Data, new: Data) -> None:
    followed = change(old, new)
    followed.expect_announcements()
    followed.announced = []
    with pytest.raises(AssertionError):
        followed.expect_announcements()


def test_an_interruption_that_is_none_is_noticed(change: Change) -> None:
    followed = change(OPEN, WITHOUT_CHAT)
    followed.announced = [*followed.announced, UNTIL_THE_EDGE]
    with pytest.raises(AssertionError):
        followed.expect_announcements()


def test_every_change_that_refuses_somebody_is_known_by_its_row_of_the_docs() -> None:
    table = (TOP / "docs" / "changes.md").read_text().partition("## Who is refused\n")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if re.match(r"\| (?!change )\S", line)]
    assert len(rows) > 20
    known = [*(each.row for each in INTERRUPTIONS), *NOT_DRAWN]
    refusing = [row for row in rows if not row.split(" | ")[1].startswith("nobody")]
    assert [row for row in refusing if sum(row.startswith(each) for each in known) != 1] == []
    assert [each for each in known if sum(row.startswith(each) for row in rows) != 1] == []
