"""What CloudFormation's order makes of a changed API: create and update first, a snapshot taken, and deleted last.

An API that is a document follows it. One of resources and methods, as API Gateway has them and as these gateways once
were, does not: both faults are LocalStack's as well as AWS's (aws-cdk#25172, aws-cdk#14660).
"""

import json
from collections.abc import Iterable
from typing import Any, Final

import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]  # it has no stubs

from conformance.control_plane import (
    Document,
    lead_stage_to_new_deployment,
    put_document,
    put_gateway_responses,
    update_api,
)
from conformance.deployed_api import DeployedApi
from conformance.recording_backend import RecordingBackend
from ml_gateway.backends.http_proxy import http_proxy
from ml_gateway.constructs.api_document import render_document
from ml_gateway.errors import Dialect
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.cloud import Cloud
from ml_gateway.serving import Route

pytestmark = pytest.mark.conformance

STAGE: Final = "v1"
KEY: Final = "k" * 48
BEFORE: Final = {
    "POST /kept": "/kept",
    "POST /removed": "/removed",
    "GET /fewer": "/fewer",
    "POST /fewer": "/fewer",
    "POST /users/{id}/score": "/scores/{id}",
    "POST /files/{file}": "/archive/{file}",
    "POST /moved": "/first",
}
AFTER: Final = {
    "POST /kept": "/kept",
    "GET /fewer": "/fewer",
    "POST /users/{other}/score": "/scores/{other}",
    "POST /files/{file+}": "/archive/{file}",
    "POST /moved": "/second",
}
SERVED_BEFORE: Final = {
    "POST /kept": "/kept",
    "POST /removed": "/removed",
    "GET /fewer": "/fewer",
    "POST /fewer": "/fewer",
    "POST /users/7/score": "/scores/7",
    "POST /files/a": "/archive/a",
    "POST /files/a/b": None,
    "POST /moved": "/first",
}
SERVED_AFTER: Final = {
    **SERVED_BEFORE,
    "POST /removed": None,
    "POST /fewer": None,
    "POST /files/a/b": "/archive/a/b",
    "POST /moved": "/second",
}


def document(operations: dict[str, str], backend: RecordingBackend, errors: Dialect | None = None) -> Document:
    """`operations`: `METHOD /path` -> path of the backend."""
    rendered = {}
    for written, path in operations.items():
        method, own_path = written.split(" ")
        route = Route(http_method=method, path=own_path)
        rendered[route] = http_proxy(backend.url + path, route)
    return render_document(rendered, name="changing", description="in order", version="1", errors=errors)


@pytest.fixture
def client(cloud: Cloud) -> Any:
    return CloudInventory(cloud).client("apigateway")


@pytest.fixture
def changing(client: Any, cloud: Cloud, backend: RecordingBackend) -> DeployedApi:
    """BEFORE, with the stage and the key that a stack would define beside it."""
    before = document(BEFORE, backend, errors="openai")
    api_id: str = client.import_rest_api(failOnWarnings=True, body=json.dumps(before))["id"]
    put_gateway_responses(client, api_id, before)
    client.create_deployment(restApiId=api_id, stageName=STAGE)
    plan = client.create_usage_plan(name=api_id, apiStages=[{"apiId": api_id, "stage": STAGE}])["id"]
    value = f"{api_id}{KEY}"
    key = client.create_api_key(name=api_id, value=value, enabled=True)["id"]
    client.create_usage_plan_key(usagePlanId=plan, keyId=key, keyType="API_KEY")
    return DeployedApi(cloud=cloud, backend=backend, api_id=api_id, stage=STAGE, key=value)


def served(api: DeployedApi, asked: Iterable[str] = SERVED_BEFORE) -> dict[str, str | None]:
    """The path that each request reaches at the backend."""
    reached = {}
    for written in asked:
        received = api.send(*written.split(" "), headers=api.credentials).received
        reached[written] = received[0].target if received else None
    return reached


def test_a_changed_document_is_all_that_the_stage_serves(
    client: Any, changing: DeployedApi, backend: RecordingBackend
) -> None:
    assert served(changing) == SERVED_BEFORE
    update_api(client, changing.api_id, STAGE, document(AFTER, backend))
    assert served(changing) == SERVED_AFTER


def test_errors_are_gone_with_the_document_that_has_none(
    client: Any, changing: DeployedApi, backend: RecordingBackend
) -> None:
    assert changing.send("POST", "/nothing").answer.status == 404
    update_api(client, changing.api_id, STAGE, document(BEFORE, backend))
    assert changing.send("POST", "/nothing").answer.status == 403


def test_nothing_changes_before_there_is_a_deployment(
    client: Any, changing: DeployedApi, backend: RecordingBackend
) -> None:
    put_document(client, changing.api_id, document(AFTER, backend))
    assert served(changing) == SERVED_BEFORE
    lead_stage_to_new_deployment(client, changing.api_id, STAGE)
    assert served(changing) == SERVED_AFTER


def resource_ids(client: Any, api_id: str) -> dict[str, str]:
    return {each["path"]: each["id"] for each in client.get_resources(restApiId=api_id, limit=500)["items"]}


def test_renamed_variable_is_refused_in_the_form_of_resources(client: Any, changing: DeployedApi) -> None:
    """CloudFormation defines the new resource before it deletes the old one."""
    users = resource_ids(client, changing.api_id)["/users"]
    with pytest.raises(ClientError, match=r"A sibling \(\{id\}\) of this resource already has a variable path part"):
        client.create_resource(restApiId=changing.api_id, parentId=users, pathPart="{other}")


def test_removed_method_is_served_on_in_the_form_of_resources(client: Any, changing: DeployedApi) -> None:
    """CloudFormation takes the snapshot before it deletes the method, and no other follows."""
    removed = resource_ids(client, changing.api_id)["/removed"]
    before = lead_stage_to_new_deployment(client, changing.api_id, STAGE)
    client.delete_method(restApiId=changing.api_id, resourceId=removed, httpMethod="POST")
    client.delete_resource(restApiId=changing.api_id, resourceId=removed)
    client.delete_deployment(restApiId=changing.api_id, deploymentId=before)
    assert "/removed" not in resource_ids(client, changing.api_id)
    assert served(changing, ["POST /removed"]) == {"POST /removed": "/removed"}
