"""What the launcher mends of MiniStack where secrets are read, and that MiniStack still is kinder.

Each test runs twice: with MiniStack as it is, and as the launcher mends it. One that fails because MiniStack as it is
has become strict means: what ml_gateway/local/ministack_secrets.py does for it can go.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from ministack.core import responses
from ministack.services import apigateway_v1, cloudformation, secretsmanager
from ministack.services.cloudformation import provisioners, stacks

from ml_gateway.local import ministack_secrets

Json = dict[str, Any]
Run = Callable[[Awaitable[Any]], Any]

OLD = "acme/old"
NEW = "acme/new"
US, EU = "us-east-1", "eu-west-1"


@pytest.fixture(params=["as it is", "mended"])
def mended(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[bool]:
    monkeypatch.setattr(provisioners, "_RESOURCE_HANDLERS", dict(provisioners._RESOURCE_HANDLERS))
    for module, name in (
        (stacks, "_update_resource"),
        (stacks, "_revert_update"),
        (stacks, "_delete_resource"),
        (apigateway_v1, "_create_api_key"),
        (apigateway_v1, "_create_usage_plan_key"),
        (apigateway_v1, "_get_usage_plans"),
        (apigateway_v1, "_resolve_api_key"),
    ):
        monkeypatch.setattr(module, name, getattr(module, name))
    if request.param == "mended":
        ministack_secrets.mend(provisioners._RESOURCE_HANDLERS)
    yield request.param == "mended"
    for service in (apigateway_v1, cloudformation, secretsmanager):
        service.reset()


def secret(name: str, *replicas: str) -> Json:
    regions = {"ReplicaRegions": [{"Region": region} for region in replicas]} if replicas else {}
    return {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": name, "SecretString": name * 4, **regions}}


def key(name: str, **others: str) -> Json:
    reference = f"{{{{resolve:secretsmanager:{name}:SecretString:::}}}}"
    return {"Type": "AWS::ApiGateway::ApiKey", "Properties": {"Value": reference, **others}}


def ask(action: str, stack: str, **parameters: str) -> None:
    """Have a stack do something, and wait until it has."""

    async def ask_and_wait() -> None:
        form = urlencode({"Action": action, "StackName": stack, **parameters})
        status, _, body = await cloudformation.handle_request("POST", "/", {}, form.encode(), {})
        assert status == 200, body
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})

    asyncio.run(ask_and_wait())


def deployed(stack: str, **resources: Json) -> str:
    """The status of a stack that is now to have these resources."""
    action = "UpdateStack" if stack in cloudformation._stacks else "CreateStack"
    ask(action, stack, TemplateBody=json.dumps({"Resources": resources}))
    return status(stack)


def status(stack: str) -> str:
    return str(cloudformation._stacks[stack]["StackStatus"])


def held(stack: str) -> dict[str, str]:
    """The resources of a stack, and how each of them is."""
    return {name: each["ResourceStatus"] for name, each in cloudformation._stacks[stack]["_resources"].items()}


def values() -> list[str]:
    return [each["value"] for each in apigateway_v1._api_keys.values()]


@pytest.fixture
def gone(mended: bool) -> bool:
    """A key was made of a secret that is deleted by now."""
    deployed("keys", Old=secret(OLD), New=secret(NEW))
    assert deployed("api", Key=key(OLD)) == "CREATE_COMPLETE"
    assert deployed("keys", New=secret(NEW)) == "UPDATE_COMPLETE"
    return mended


def test_update_away_from_a_secret_that_is_gone(gone: bool) -> None:
    ended = deployed("api", Key=key(NEW))
    assert (ended, values()) == (("UPDATE_ROLLBACK_COMPLETE", [OLD * 4]) if gone else ("UPDATE_COMPLETE", [NEW * 4]))


def test_update_of_others_beside_a_secret_that_is_gone(gone: bool) -> None:
    """What stays as it is is not touched, by neither."""
    assert deployed("api", Key=key(OLD), Other=key(NEW)) == "UPDATE_COMPLETE"
    assert gone in (True, False)


def test_what_an_update_cannot_delete_leaves_its_stack(gone: bool) -> None:
    assert deployed("api", Other=key(NEW)) == "UPDATE_COMPLETE"
    assert held("api") == {"Other": "UPDATE_COMPLETE"}
    assert values() == ([OLD * 4, NEW * 4] if gone else [NEW * 4])


def test_stack_with_a_secret_that_is_gone_is_deleted_only_without_what_was_made_of_it(gone: bool) -> None:
    ask("DeleteStack", "api")
    assert (status("api"), values()) == (("DELETE_FAILED", [OLD * 4]) if gone else ("DELETE_COMPLETE", []))
    if gone:
        ask("DeleteStack", "api", **{"RetainResources.member.1": "Key"})
        assert (status("api"), values()) == ("DELETE_COMPLETE", [OLD * 4])


def test_stack_is_deleted_once_there_is_a_secret_of_that_name_again(gone: bool) -> None:
    ask("DeleteStack", "api")
    deployed("keys", Old=secret(OLD), New=secret(NEW))
    ask("DeleteStack", "api")
    assert (status("api"), values()) == ("DELETE_COMPLETE", [])
    assert gone in (True, False)


def test_way_back_to_a_secret_that_is_gone(mended: bool) -> None:
    """The secret goes while the update is under way: the way back is the first to ask for it."""
    deployed("keys", Old=secret(OLD), New=secret(NEW))
    deployed("api", Key=key(OLD))
    provisioners._RESOURCE_HANDLERS["AWS::SNS::Topic"] = {"create": lambda *_: deleted_and_failed()}
    failing: Json = {"Type": "AWS::SNS::Topic", "DependsOn": "Key"}
    ended = deployed("api", Key=key(OLD, Description="another"), Failing=failing)
    assert ended == ("UPDATE_ROLLBACK_FAILED" if mended else "UPDATE_ROLLBACK_COMPLETE")


def deleted_and_failed() -> None:
    del secretsmanager._secrets[OLD]
    raise ValueError("after the secret was deleted")


def test_secret_of_a_name_that_is_taken(mended: bool) -> None:
    deployed("keys", Old=secret(OLD))
    assert deployed("others", Another=secret(OLD)) == ("ROLLBACK_COMPLETE" if mended else "CREATE_COMPLETE")


def replicas() -> set[str]:
    regions = {EU, "eu-central-1"}
    return {region for region in regions if secretsmanager._secrets.get_scoped("000000000000", region, OLD)}


def test_region_that_a_template_no_longer_names(mended: bool) -> None:
    deployed("keys", Old=secret(OLD, EU))
    assert replicas() == {EU}
    deployed("keys", Old=secret(OLD, "eu-central-1"))
    assert replicas() == ({"eu-central-1"} if mended else {EU, "eu-central-1"})
    deployed("keys", Old=secret(OLD))
    assert replicas() == (set() if mended else {EU, "eu-central-1"})
    assert secretsmanager._secrets[OLD]["ReplicationStatus"] == [] or not mended


def test_secret_that_is_deleted_takes_its_replicas_along(mended: bool) -> None:
    deployed("keys", Old=secret(OLD, EU))
    ask("DeleteStack", "keys")
    assert replicas() == set()
    assert mended in (True, False)


def test_value_of_another_key(mended: bool) -> None:
    deployed("keys", Old=secret(OLD))
    deployed("api", Key=key(OLD))
    assert deployed("others", Another=key(OLD)) == ("ROLLBACK_COMPLETE" if mended else "CREATE_COMPLETE")


def test_key_of_the_same_value_in_another_region(mended: bool) -> None:
    """An API that moves has the keys in both regions for a while."""
    value = "0123456789" * 3
    for region in (EU, US):
        responses.set_request_region(region)
        apigateway_v1._create_api_key({"value": value})
    (here,) = apigateway_v1._api_keys.values()
    found = apigateway_v1._resolve_api_key(value)
    assert (found == here) is mended


def test_key_that_is_in_a_plan_of_the_stage_already(mended: bool) -> None:
    """The same plan once more, another one of the stage, and one of another stage."""
    stages = [{"apiId": "api", "stage": "v1"}], [{"apiId": "api", "stage": "v1"}], [{"apiId": "api", "stage": "v2"}]
    plans = [json.loads(apigateway_v1._create_usage_plan({"name": "p", "apiStages": each})[2])["id"] for each in stages]
    key = json.loads(apigateway_v1._create_api_key({"value": "0123456789" * 3})[2])["id"]
    joined = [apigateway_v1._create_usage_plan_key(plan, {"keyId": key})[0] for plan in (plans[0], *plans)]
    assert joined == ([201, 409, 409, 201] if mended else [201, 201, 201, 201])
