"""What names a key deploys, and so do the throttle and the traces of the stage.

The local cloud encrypts, throttles by the stage and traces nothing. It remembers the keys of log groups and
secrets, and tells none of a topic.
"""

from typing import Final

import pytest

from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.gateway import LocalGateway

pytestmark = pytest.mark.e2e

KEY: Final = "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012"


@pytest.fixture(scope="module")
def inventory(edge: LocalGateway) -> CloudInventory:
    return CloudInventory(edge.cloud)


def test_log_groups_are_deployed_with_the_key(inventory: CloudInventory) -> None:
    groups = inventory.client("logs").describe_log_groups()["logGroups"]
    ours = {group["logGroupName"]: group.get("kmsKeyId") for group in groups if "edge" in group["logGroupName"]}
    assert len(ours) >= 4
    assert set(ours.values()) == {KEY}


def test_secrets_are_deployed_with_the_key(inventory: CloudInventory) -> None:
    client = inventory.client("secretsmanager")
    keys = {
        name: client.describe_secret(SecretId=name).get("KmsKeyId")
        for name in ("edge/origin/1", "edge/clients/partner/default")
    }
    assert set(keys.values()) == {KEY}


def test_the_stage_is_deployed_with_its_throttle_and_traces(inventory: CloudInventory) -> None:
    client = inventory.client("apigateway")
    (api,) = [api["id"] for api in client.get_rest_apis(limit=500)["items"] if api["name"] == "edge"]
    (stage,) = client.get_stages(restApiId=api)["item"]
    (settings,) = stage["methodSettings"].values()
    assert (settings["throttlingRateLimit"], settings["throttlingBurstLimit"]) == (900, 900)
    assert stage["tracingEnabled"] is True
