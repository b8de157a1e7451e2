"""The row that `make demo` has for several regions, on the example; and it can fail."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from demo import regions
from demo.rows import rows
from demo.sample_server import SampleServer
from ml_gateway.local.bootstrap import bootstrap
from ml_gateway.local.cloud import Cloud
from ml_gateway.local.gateway import LocalGateway, deployed_gateway, regions_of
from ml_gateway.reading import load_config
from tests.e2e.quick_cdk import quick_cdk
from tests.synthesis import TOP

pytestmark = pytest.mark.e2e

FILE: Path = TOP / "examples" / "two_regions.yaml"


@pytest.fixture(scope="module")
def example(cloud: Cloud, sample_server: SampleServer) -> Iterator[LocalGateway]:
    config = load_config(FILE)
    bootstrap(cloud, regions_of(config))
    cdk = quick_cdk(config, cloud=cloud, model_server=sample_server.url)
    with deployed_gateway(config, cloud=cloud, cdk=cdk) as gateway:
        yield gateway
        cdk.destroy()


def test_the_demo_has_a_row_for_several_regions_alone() -> None:
    def titles(file: Path) -> list[str]:
        return [row.title for row in rows(load_config(file)) if row.observe is regions.counts_and_drain]

    assert titles(FILE) == ["using up one region, and draining it"]
    assert titles(TOP / "gateway.yaml") == []


def test_regions_count_apart_and_a_drained_one_is_asked_no_more(example: LocalGateway) -> None:
    observation = regions.counts_and_drain(example)
    assert observation.observed == observation.expected


def test_a_drain_without_effect_does_not_hold(example: LocalGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regions, "drained", lambda *_: nullcontext())
    observation = regions.counts_and_drain(example)
    assert not observation.held
    assert observation.observed.startswith("us-east-1: 200, then 200")
