"""Gateways that are drawn, changed and deployed: who is in both versions is served, and what was removed is gone.

A few changes here, hundreds with `make fuzz`. What may be refused meanwhile is what docs/changes.md says, and what the
review announces: no more. A deploy that fails leaves the old version, and the next one is complete.

MiniStack is kinder than AWS: its web ACLs block nothing, it keeps no answers at the edge, and each of its changes is
effective at once, while CloudFront's take minutes and API Gateway's seconds. What it lacks for these stacks is added as
we read AWS's pages (ml_gateway/local). So this is no witness of AWS.
"""

from itertools import count
from pathlib import Path
from typing import Final

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings

from demo.sample_server import SampleServer
from ml_gateway import load_config
from ml_gateway.local.cloud import Cloud
from tests.e2e.changing_gateway import ChangingGateway
from tests.e2e.drawn_edits import Data
from tests.e2e.drawn_files import DrawnChange, DrawnHistory, histories
from tests.e2e.expected_answers import ExpectedGateway
from tests.e2e.followed_change import FollowedChange
from tests.e2e.stack_deployer import DELETED, Stacks, synthesized

pytestmark = pytest.mark.e2e

LONG: Final = settings.default.max_examples >= 10_000 if settings.default else False
DRAWN: Final = 200 if LONG else 4
MOST_CHANGES: Final = 3 if LONG else 2
NUMBERS: Final = count(1)


class DrawnGateway:
    """A gateway under a name of its own, of which a version is deployed."""

    def __init__(self, *, cloud: Cloud, model_server: str, directory: Path, first: Data) -> None:
        self._cloud = cloud
        self._model_server = model_server
        self._path = directory / "gateway.yaml"
        self._gateway = ChangingGateway(cloud=cloud, name=f"drawn-{next(NUMBERS)}", model_server=model_server)
        self._file = first
        self._version, self._stacks = self._read(first)
        self._gateway.complete(self._stacks)

    def _read(self, file: Data) -> tuple[ExpectedGateway, Stacks]:
        self._path.write_text(yaml.safe_dump({**file, "name": self._gateway.name}))
        config = load_config(self._path)
        return ExpectedGateway(config=config), synthesized(config, cloud=self._cloud, model_server=self._model_server)

    def changing_to(self, file: Data) -> FollowedChange:
        new, after = self._read(file)
        return FollowedChange(self._gateway, old=self._version, new=new, before=self._stacks, after=after)

    def follow(self, change: DrawnChange) -> bool:
        """Whether the change can be deployed; what was not as it has to be is told with both versions of the file."""
        try:
            followed = self.changing_to(change.file)
            followed.expect_announcements()
            if change.failing:
                followed.deploy(failing=change.failing)
            followed.deploy()
        except Exception as error:
            versions = "---\n".join(yaml.safe_dump(each, sort_keys=False) for each in (self._file, change.file))
            raise AssertionError(f"{error}\n{change.edits}, failing: {change.failing}\n{versions}") from error
        self._file, self._version, self._stacks = change.file, followed.new, followed.after
        return not followed.fails

    def destroy(self) -> None:
        assert set(self._gateway.deployer.destroy(self._stacks).values()) == {DELETED}


def test_who_is_in_both_versions_is_served_and_what_was_removed_is_gone(
    cloud: Cloud, sample_server: SampleServer, tmp_path: Path
) -> None:
    @given(histories(directory=tmp_path, most_changes=MOST_CHANGES))
    @settings(
        max_examples=DRAWN,
        deadline=None,
        derandomize=not LONG,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    def check(history: DrawnHistory) -> None:
        drawn = DrawnGateway(cloud=cloud, model_server=sample_server.url, directory=tmp_path, first=history.first)
        for change in history.changes:
            # After a deploy that cannot be complete nobody says which version the next one begins with.
            if not drawn.follow(change):
                return
        drawn.destroy()

    check()
