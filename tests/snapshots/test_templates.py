"""The whole of each template, normalised, so that a review sees what a change does to it.

Never the only test of anything. Update with `make snapshots`.
"""

import json
import re

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from tests.synthesis import Json, Templates

DEPLOYMENT_HASH = re.compile(r"(Deployment[0-9A-F]{8})[0-9a-f]{32}")
ASSET_HASH = re.compile(r"\b[0-9a-f]{64}\b")


def normalised(template: Json) -> Json:
    """Without what CDK's bootstrap adds to every template, and without hashes that change with any input."""
    text = json.dumps({key: value for key, value in template.items() if key not in ("Parameters", "Rules")})
    result: Json = json.loads(ASSET_HASH.sub("<asset>", DEPLOYMENT_HASH.sub(r"\1<hash>", text)))
    return result


@pytest.fixture
def snapshot_json(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(JSONSnapshotExtension)


@pytest.mark.parametrize("stack", ["keys", "api", "edge"])
def test_default_gateway(stack: str, templates: Templates, snapshot_json: SnapshotAssertion) -> None:
    assert normalised(templates[stack]) == snapshot_json


@pytest.mark.parametrize("stack", ["account", "keys", "api", "edge"])
def test_two_models(stack: str, other_templates: Templates, snapshot_json: SnapshotAssertion) -> None:
    assert normalised(other_templates[stack]) == snapshot_json


@pytest.mark.parametrize("stack", ["keys", "api", "edge"])
def test_every_backend(stack: str, every_templates: Templates, snapshot_json: SnapshotAssertion) -> None:
    assert normalised(every_templates[stack]) == snapshot_json


@pytest.mark.parametrize("stack", ["keys", "api", "edge"])
def test_multi_tenant(stack: str, multi_tenant_templates: Templates, snapshot_json: SnapshotAssertion) -> None:
    assert normalised(multi_tenant_templates[stack]) == snapshot_json


@pytest.mark.parametrize("stack", ["keys", "api", "edge"])
def test_identities(stack: str, identities_templates: Templates, snapshot_json: SnapshotAssertion) -> None:
    assert normalised(identities_templates[stack]) == snapshot_json


@pytest.mark.parametrize("stack", ["keys", "api", "edge"])
def test_complete(stack: str, complete_templates: Templates, snapshot_json: SnapshotAssertion) -> None:
    assert normalised(complete_templates[stack]) == snapshot_json


@pytest.mark.parametrize(
    "stack", ["keys", "drain-us-east-1", "drain-eu-west-1", "api-us-east-1", "api-eu-west-1", "edge"]
)
def test_two_regions(stack: str, two_regions_templates: Templates, snapshot_json: SnapshotAssertion) -> None:
    assert normalised(two_regions_templates[stack]) == snapshot_json


def test_normalising_hides_hashes_and_nothing_else() -> None:
    template = {
        "Parameters": {"BootstrapVersion": {}},
        "Resources": {"ApiDeploymentDC05A82Dacdfed225e1cd8b84ab92993b00c7a18": {"Key": "a" * 64, "Name": "kept"}},
    }
    assert normalised(template) == {
        "Resources": {"ApiDeploymentDC05A82D<hash>": {"Key": "<asset>", "Name": "kept"}},
    }
