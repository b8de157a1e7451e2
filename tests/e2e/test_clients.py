"""Clients with keys and limits of their own, through CloudFront. In order: the later tests change the gateway.

Not shown, because MiniStack has no WAF: that the web ACL blocks a direct call with a valid key but without the header
of the distribution. What CloudFront sends to the API is what the Lambda function at /event sees.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from demo import observations
from demo.observations import Observation
from ml_gateway.backends.http_proxy import REPLACED_CREDENTIAL
from ml_gateway.design import GatewayDesign
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.gateway import LocalGateway
from ml_gateway.naming import EDGE_REGION
from ml_gateway.reading import load_config
from tests.e2e.chat_client import client_of, say_hello, use_up
from tests.e2e.exact_requests import Headers, received, refusal, send
from tests.e2e.written import everything_written, places_with

pytestmark = pytest.mark.e2e

FILE: Final = Path(__file__).with_name("tenants.yaml")
CLIENTS: Final = GatewayDesign.of(load_config(FILE)).clients
KEYS: Final = [f"{client}/{key}" for client, each in CLIENTS.items() for key in each.keys]
PARTNER: Final = "partner/a"
UNKNOWN_KEY: Final = "0" * 48
SIGNATURE: Final = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/execute-api/aws4_request, Signature=00ff"
JWT: Final = "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1LTQyIn0.c2lnbmVk"


@pytest.fixture(scope="module")
def keys(tenants: LocalGateway) -> Mapping[str, str]:
    """The name of each key, `<client>/<key>`, and the key."""
    inventory = CloudInventory(tenants.cloud)
    return {name: inventory.secret(f"tenants/clients/{name}", EDGE_REGION) for name in KEYS}


def assert_held(observation: Observation) -> None:
    assert observation.observed == observation.expected, observation.claim


def test_keys_are_different_and_fetched_by_the_command_of_the_outputs(
    tenants: LocalGateway, keys: Mapping[str, str]
) -> None:
    assert len(set(keys.values())) == 4
    assert all(len(key) == 48 and key.isalnum() for key in keys.values())
    command = CloudInventory(tenants.cloud).outputs("tenants-keys", EDGE_REGION)["KeyCommand"]
    assert "get-secret-value --region us-east-1 --secret-id 'tenants/clients/<client>/<key>' " in command


def test_what_a_key_has_used_is_found_by_its_description(tenants: LocalGateway, keys: Mapping[str, str]) -> None:
    """As the command of the outputs does with AWS's CLI, which is not here."""
    client = CloudInventory(tenants.cloud).client("apigateway")
    keys_there = client.get_api_keys(limit=500)["items"]
    found = {each["description"]: each["id"] for each in keys_there if "description" in each}
    assert {f"tenants/clients/{name}" for name in keys} <= found.keys()
    command = CloudInventory(tenants.cloud).outputs("tenants-api", EDGE_REGION)["UsageCommand"]
    assert "tenants/clients/<client>/<key>" in command


@pytest.mark.parametrize("name", KEYS)
def test_sdk_is_served_with_each_key_in_each_listed_form(
    tenants: LocalGateway, keys: Mapping[str, str], name: str
) -> None:
    key = keys[name]
    for api_key, headers in ((key, {}), ("unused", {"x-api-key": key}), ("unused", {"api-key": key})):
        with client_of(tenants, api_key=api_key, headers=headers) as (client, _):
            assert say_hello(client) == "HELLO TO YOU"


def test_sdk_with_a_key_of_nobody_raises_its_error_of_authentication(tenants: LocalGateway) -> None:
    import openai

    with client_of(tenants, api_key=UNKNOWN_KEY) as (client, seen), pytest.raises(openai.AuthenticationError) as caught:
        say_hello(client)
    assert (caught.value.code, seen) == ("invalid_api_key", [401])


@pytest.mark.parametrize(
    "headers_with",
    [
        lambda _keys: [],
        lambda _keys: [("x-api-key", "")],
        lambda _keys: [("x-api-key", UNKNOWN_KEY)],
        lambda _keys: [("Authorization", JWT)],
        lambda _keys: [("Authorization", SIGNATURE)],
        lambda keys: [("x-goog-api-key", keys[PARTNER])],
        lambda keys: [("Authorization", f"Basic {keys[PARTNER]}")],
        lambda keys: [("x-api-key", keys[PARTNER]), ("x-api-key", keys["partner/b"])],
        lambda keys: [("Authorization", f"Bearer {keys[PARTNER]}"), ("api-key", keys["partner/b"])],
    ],
    ids=["none", "empty", "unknown", "JWT", "signature", "form not listed", "Basic", "two keys", "two in two forms"],
)
def test_request_without_exactly_one_key_is_refused(
    tenants: LocalGateway, keys: Mapping[str, str], headers_with: Callable[[Mapping[str, str]], Headers]
) -> None:
    assert refusal(send(tenants, "/headers", headers_with(keys))) == (401, "invalid_api_key")


@pytest.mark.parametrize(
    ("header", "prefix"), [("Authorization", "Bearer "), ("AUTHORIZATION", "bearer "), ("api-key", ""), ("API-Key", "")]
)
def test_key_goes_on_as_x_api_key_alone(
    tenants: LocalGateway, keys: Mapping[str, str], header: str, prefix: str
) -> None:
    seen = received(send(tenants, "/event", [(header, prefix + keys[PARTNER])]))
    assert [name for name, value in seen.items() if keys[PARTNER] in value] == ["x-api-key"]
    assert seen["x-api-key"] == keys[PARTNER]
    assert header.lower() not in seen


@pytest.mark.parametrize("form", ["x-api-key", "X-API-KEY", "Authorization", "api-key"])
def test_model_sees_neither_the_key_nor_the_secret_of_the_distribution(
    tenants: LocalGateway, keys: Mapping[str, str], form: str
) -> None:
    value = f"Bearer {keys[PARTNER]}" if form == "Authorization" else keys[PARTNER]
    seen = received(send(tenants, "/headers", [(form, value)]))
    assert (seen["x-api-key"], seen["x-origin-verify"]) == (REPLACED_CREDENTIAL, REPLACED_CREDENTIAL)
    assert keys[PARTNER] not in str(seen)


@pytest.mark.parametrize("value", [JWT, SIGNATURE], ids=["JWT", "signature"])
def test_credential_for_the_model_reaches_it_beside_the_key(
    tenants: LocalGateway, keys: Mapping[str, str], value: str
) -> None:
    seen = received(send(tenants, "/event", [("x-api-key", keys[PARTNER]), ("Authorization", value)]))
    assert (seen["authorization"], seen["x-api-key"]) == (value, keys[PARTNER])


@pytest.mark.parametrize(
    "spoofed",
    [
        [("x-origin-verify", "guess")],
        [("x-origin-verify", "guess"), ("x-origin-verify", "another")],
        [("X-ORIGIN-VERIFY", "guess")],
        [("x-origin-verify", "")],
    ],
    ids=["itself", "twice", "capitals", "empty"],
)
def test_header_of_the_lock_from_outside_is_overwritten(
    tenants: LocalGateway, keys: Mapping[str, str], spoofed: Headers
) -> None:
    seen = received(send(tenants, "/event", [("x-api-key", keys[PARTNER]), *spoofed]))
    assert seen["x-origin-verify"] == CloudInventory(tenants.cloud).secret("tenants/origin/1", EDGE_REGION)
    assert refusal(send(tenants, "/headers", spoofed)) == (401, "invalid_api_key")


@pytest.mark.parametrize(
    "row", [observations.no_key, observations.wrong_key, observations.plain_http, observations.no_differences]
)
def test_row_of_the_demo_holds(tenants: LocalGateway, row: Callable[[LocalGateway], Observation]) -> None:
    assert_held(row(tenants))


def test_limit_of_a_model_holds_for_that_model_and_client_alone(tenants: LocalGateway, keys: Mapping[str, str]) -> None:
    key = [("x-api-key", keys["batch/default"])]
    assert send(tenants, "/rare", key).status == 200
    assert refusal(send(tenants, "/rare", key)) == (429, "rate_limit_exceeded")
    assert send(tenants, "/headers", key).status == 200
    assert send(tenants, "/rare", [("x-api-key", keys["app/default"])]).status == 200


def test_client_that_is_throttled_leaves_the_other_of_its_plan_alone(
    tenants: LocalGateway, keys: Mapping[str, str]
) -> None:
    key = [("x-api-key", keys["app/default"])]
    with ThreadPoolExecutor(max_workers=16) as senders:
        answers = list(senders.map(lambda _: send(tenants, "/headers", key), range(24)))
    assert send(tenants, "/headers", [("x-api-key", keys["batch/default"])]).status == 200
    assert {answer.status for answer in answers} == {200, 429}
    assert {refusal(answer) for answer in answers if answer.status != 200} == {(429, "rate_limit_exceeded")}


def test_client_whose_quota_is_used_up_leaves_the_other_of_its_plan_alone(
    tenants: LocalGateway, keys: Mapping[str, str]
) -> None:
    import openai

    with client_of(tenants, api_key=keys["app/default"]) as (client, _):
        use_up(client)
        with pytest.raises(openai.RateLimitError) as caught:
            say_hello(client)
    assert (caught.value.code, caught.value.type) == ("insufficient_quota", "rate_limit_error")
    with client_of(tenants, api_key=keys["batch/default"]) as (client, _):
        assert say_hello(client) == "HELLO TO YOU"


def test_rotation_refuses_no_request_and_leaves_the_keys_alone(tenants: LocalGateway, keys: Mapping[str, str]) -> None:
    assert_held(observations.rotation(tenants))
    assert_held(observations.sent_secret(tenants))
    inventory = CloudInventory(tenants.cloud)
    assert inventory.secrets("tenants/clients/", EDGE_REGION) == {
        key: f"tenants/clients/{name}" for name, key in keys.items()
    }
    seen = received(send(tenants, "/event", [("x-api-key", keys["partner/b"])]))
    assert seen["x-origin-verify"] == inventory.secret("tenants/origin/2", EDGE_REGION)


def test_client_that_is_removed_loses_its_key_and_nobody_else_does(
    tenants: LocalGateway, keys: Mapping[str, str], tmp_path: Path
) -> None:
    deploy_changed(tenants, tmp_path, lambda file: file["clients"].pop("app"))
    statuses = {name: send(tenants, "/headers", [("x-api-key", key)]).status for name, key in keys.items()}
    assert statuses == {"partner/a": 200, "partner/b": 200, "app/default": 401, "batch/default": 200}
    names = CloudInventory(tenants.cloud).secrets("tenants/clients/", EDGE_REGION).values()
    assert sorted(names) == [f"tenants/clients/{name}" for name in sorted(keys) if name != "app/default"]
    # Its secret went first: it is left over, in no plan (test_half_removed.py), and deleted by hand.
    client = CloudInventory(tenants.cloud).client("apigateway")
    (left,) = [each["id"] for each in client.get_api_keys(includeValues=True, limit=500)["items"]
               if each["value"] == keys["app/default"]]  # fmt: skip
    client.delete_api_key(apiKey=left)


def deploy_changed(gateway: LocalGateway, directory: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Deploy the gateway's file with a change. Its API stays the one that it was."""
    content = yaml.safe_load(FILE.read_text())
    change(content)
    file = directory / FILE.name
    file.write_text(yaml.safe_dump(content))
    gateway.cdk.context["config"] = str(file)
    inventory = CloudInventory(gateway.cloud)
    before = inventory.outputs("tenants-api", EDGE_REGION)["InvokeUrl"]
    gateway.cdk.deploy()
    assert inventory.outputs("tenants-api", EDGE_REGION)["InvokeUrl"] == before


def test_keys_and_secrets_are_written_nowhere(tenants: LocalGateway, keys: Mapping[str, str]) -> None:
    written = everything_written(tenants)
    origin_secrets = CloudInventory(tenants.cloud).secrets("tenants/origin/", EDGE_REGION)
    assert origin_secrets
    assert all(places_with(value, written) == [] for value in (*keys.values(), *origin_secrets))
    assert "template of tenants-api" in places_with("{{resolve:secretsmanager:tenants/clients/partner/a:", written)
    assert any(place.endswith("deploy.log") for place in places_with("--secret-id 'tenants/clients/<client>/", written))


def test_destruction_leaves_nothing(tenants: LocalGateway) -> None:
    assert any(name.startswith("wafv2") for name in tenants.inventory())
    assert_held(observations.destruction(tenants))
