"""One LocalStack for the whole session; API stacks are deployed into it when the first test asks for them."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from conformance.deployed_api import DeployedApi, deploy_api
from conformance.localstack import running_localstack
from conformance.recording_backend import RecordingBackend, running_backend
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.bootstrap import bootstrap
from ml_gateway.local.cloud import Cloud
from tests.synthesis import TOP


@pytest.fixture(scope="session")
def backend() -> Iterator[RecordingBackend]:
    with running_backend() as backend:
        yield backend


@pytest.fixture(scope="session")
def cloud(backend: RecordingBackend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with running_localstack(tmp_path_factory.mktemp("localstack"), sagemaker=backend.url) as cloud:
        bootstrap(cloud, ["us-east-1"])
        yield cloud


@pytest.fixture(scope="session")
def deployed(cloud: Cloud, backend: RecordingBackend) -> DeployedApi:
    """The API of gateway.yaml."""
    return deploy_api(TOP / "conformance" / "gateway.yaml", cloud=cloud, backend=backend)


@pytest.fixture(scope="session")
def in_dialect(cloud: Cloud, backend: RecordingBackend) -> DeployedApi:
    """The API of errors.yaml."""
    return deploy_api(TOP / "conformance" / "errors.yaml", cloud=cloud, backend=backend)


@pytest.fixture(scope="session")
def broken(deployed: DeployedApi) -> DeployedApi:
    """Another stage of the same API, broken on purpose and behind CloudFormation's back.

    POST /model and POST /provider overwrite nothing on the way to the backend, nor does POST /fraud/invocations; GET
    /model asks for no key, GET /gpt/v1/models asks the backend, and POST /team/nested leads to an address outside
    loopback. What the deployed stage does is a snapshot, and stays.
    """
    client = CloudInventory(deployed.cloud).client("apigateway")
    resources = {
        each["path"]: each["id"] for each in client.get_resources(restApiId=deployed.api_id, limit=500)["items"]
    }
    for method, path, url in (
        ("POST", "/model", deployed.backend.url),
        ("POST", "/provider", deployed.backend.url),
        ("POST", "/fraud/invocations", deployed.backend.url),
        ("GET", "/gpt/v1/models", deployed.backend.url),
        ("POST", "/team/nested", "http://192.0.2.1"),
    ):
        client.put_integration(
            restApiId=deployed.api_id,
            resourceId=resources[path],
            httpMethod=method,
            type="HTTP_PROXY",
            integrationHttpMethod=method,
            uri=url,
        )
    client.update_method(
        restApiId=deployed.api_id,
        resourceId=resources["/model"],
        httpMethod="GET",
        patchOperations=[{"op": "replace", "path": "/apiKeyRequired", "value": "false"}],
    )
    client.create_deployment(restApiId=deployed.api_id, stageName="broken")
    plans = client.get_usage_plans(limit=500)["items"]
    (plan,) = [plan for plan in plans if plan["apiStages"][0]["apiId"] == deployed.api_id]
    stage = {"op": "add", "path": "/apiStages", "value": f"{deployed.api_id}:broken"}
    client.update_usage_plan(usagePlanId=plan["id"], patchOperations=[stage])
    return replace(deployed, stage="broken")
