"""One LocalStack for the whole session, with the API stack of conformance/gateway.yaml in it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from conformance.deployed_api import DeployedApi, deploy_api
from conformance.localstack import running_localstack
from conformance.recording_backend import RecordingBackend, running_backend
from local.aws import CloudInventory
from tests.synthesis import TOP


@pytest.fixture(scope="session")
def backend() -> Iterator[RecordingBackend]:
    with running_backend() as backend:
        yield backend


@pytest.fixture(scope="session")
def deployed(backend: RecordingBackend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeployedApi]:
    with running_localstack(tmp_path_factory.mktemp("localstack")) as cloud:
        yield deploy_api(TOP / "conformance" / "gateway.yaml", cloud=cloud, backend=backend)


@pytest.fixture(scope="session")
def broken(deployed: DeployedApi) -> DeployedApi:
    """Another stage of the same API, broken on purpose and behind CloudFormation's back.

    POST /model overwrites nothing on the way to the backend, GET /model asks for no key, and POST /team/nested leads
    to an address outside loopback. What the deployed stage does is a snapshot, and stays.
    """
    client = CloudInventory(deployed.cloud).client("apigateway")
    resources = {each["path"]: each["id"] for each in client.get_resources(restApiId=deployed.api_id)["items"]}
    for path, url in (("/model", deployed.backend.url), ("/team/nested", "http://192.0.2.1")):
        client.put_integration(
            restApiId=deployed.api_id,
            resourceId=resources[path],
            httpMethod="POST",
            type="HTTP_PROXY",
            integrationHttpMethod="POST",
            uri=url,
        )
    client.update_method(
        restApiId=deployed.api_id,
        resourceId=resources["/model"],
        httpMethod="GET",
        patchOperations=[{"op": "replace", "path": "/apiKeyRequired", "value": "false"}],
    )
    client.create_deployment(restApiId=deployed.api_id, stageName="broken")
    (plan,) = client.get_usage_plans()["items"]
    stage = {"op": "add", "path": "/apiStages", "value": f"{deployed.api_id}:broken"}
    client.update_usage_plan(usagePlanId=plan["id"], patchOperations=[stage])
    return replace(deployed, stage="broken")
