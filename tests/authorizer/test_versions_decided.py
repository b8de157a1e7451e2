"""Which models a client may call holds for all of their versions, as an evaluator of IAM decides that is not ours."""

from pathlib import Path

import pytest

from ml_gateway import load_config
from ml_gateway.design import GatewayDesign
from ml_gateway.serving import Route
from tests.authorizer.iam import authorizer_of, expected_of, requests_for, who_may_call, wrong
from tests.released.examples import synthesized
from tests.synthesis import TOP

EXAMPLE = TOP / "examples" / "rollouts.yaml"
OF_PARTNER = {"partner-x": ("fraud", "llama")}
VERSIONS = {"fraud--v1", "fraud--v2", "llama--stable", "llama--next", "predict--v7"}


@pytest.fixture(scope="module")
def design() -> GatewayDesign:
    found = GatewayDesign.of(load_config(EXAMPLE))
    assert {name: its for name, its in who_may_call(found).items() if found.clients[name].models} == OF_PARTNER
    return found


@pytest.fixture(scope="module")
def routes(design: GatewayDesign) -> dict[str, tuple[Route, ...]]:
    """Of each model all, those of its versions among them."""
    found = {name: model.all_routes for name, model in design.models.items()}
    assert {request.path.split("/")[1] for request in requests_for(found)} == {*found, *VERSIONS}
    return found


def test_a_client_calls_its_models_at_the_paths_of_their_versions_and_no_others(
    design: GatewayDesign, routes: dict[str, tuple[Route, ...]], tmp_path: Path
) -> None:
    """With the code that a deploy uploads."""
    (answer,) = synthesized(EXAMPLE, tmp_path).glob("asset.*/answer.js")
    assert wrong(expected_of(routes, who_may_call(design), answer.parent)) == []


def test_a_list_without_versions_would_refuse_all_of_them(
    design: GatewayDesign, routes: dict[str, tuple[Route, ...]], tmp_path: Path
) -> None:
    """So that the requests here are such that it shows."""
    refused = wrong(expected_of(routes, OF_PARTNER, authorizer_of(design, tmp_path / "code")))
    at = {name.split(" ")[2].split("/")[1] for name in refused}
    assert at == {each for each in VERSIONS if not each.startswith("predict")}
