"""Each row of the demo against a gateway that is broken on purpose: it has to notice.

The gateways are those of care.yaml and backends.yaml, changed behind CloudFormation's back and put right again.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from dataclasses import replace
from typing import Any
from unittest.mock import create_autospec

import pytest

from demo import observations
from demo.observations import Observation
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.cdk_cli import CdkCli
from ml_gateway.local.gateway import LocalGateway

pytestmark = pytest.mark.e2e


@pytest.fixture
def gateway(care: LocalGateway) -> LocalGateway:
    """The care gateway with the one model that behaves well."""
    return replace(care, config=care.config.model_copy(update={"models": {"iris": care.config.models["iris"]}}))


def api_of(gateway: LocalGateway) -> tuple[Any, str]:
    *_, api_id, _stage = gateway.api_path.split("/")
    return CloudInventory(gateway.cloud).client("apigateway"), api_id


def deploy(gateway: LocalGateway) -> None:
    """Until then the stage serves what it did before."""
    client, api_id = api_of(gateway)
    client.create_deployment(restApiId=api_id, stageName=gateway.config.stage)


@contextmanager
def open_api(gateway: LocalGateway) -> Iterator[None]:
    """No method asks for a key."""
    client, api_id = api_of(gateway)
    methods = [
        {"restApiId": api_id, "resourceId": resource["id"], "httpMethod": method}
        for resource in client.get_resources(restApiId=api_id, limit=500)["items"]
        for method in resource.get("resourceMethods", {})
    ]

    def require_key(value: str) -> None:
        for method in methods:
            client.update_method(
                **method, patchOperations=[{"op": "replace", "path": "/apiKeyRequired", "value": value}]
            )

        deploy(gateway)

    # MiniStack keeps the text of a patch: "false" would count as true.
    require_key("")
    yield
    require_key("true")


@contextmanager
def any_path(gateway: LocalGateway) -> Iterator[None]:
    """The API answers paths that no model has."""
    client, api_id = api_of(gateway)
    (root,) = [each["id"] for each in client.get_resources(restApiId=api_id)["items"] if each["path"] == "/"]
    resource = client.create_resource(restApiId=api_id, parentId=root, pathPart="{proxy+}")["id"]
    method = {"restApiId": api_id, "resourceId": resource, "httpMethod": "POST"}
    client.put_method(**method, authorizationType="NONE", apiKeyRequired=False)
    client.put_integration(**method, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    deploy(gateway)
    yield
    client.delete_resource(restApiId=api_id, resourceId=resource)
    deploy(gateway)


def change_distribution(gateway: LocalGateway, change: Callable[[Any], None]) -> AbstractContextManager[None]:
    client = CloudInventory(gateway.cloud).client("cloudfront")
    distributions = client.list_distributions()["DistributionList"]["Items"]
    (found,) = [each["Id"] for each in distributions if each["DomainName"] == gateway.domain_name]

    def update(config: Any) -> None:
        client.update_distribution(
            Id=found, IfMatch=client.get_distribution(Id=found)["ETag"], DistributionConfig=config
        )

    @contextmanager
    def changed() -> Iterator[None]:
        original = client.get_distribution_config(Id=found)["DistributionConfig"]
        # CloudFront would name this port itself; boto3 insists on it.
        original["Origins"]["Items"][0]["CustomOriginConfig"].setdefault("HTTPSPort", 443)
        config = deepcopy(original)
        change(config)
        update(config)
        yield
        update(original)

    return changed()


def plain_http_distribution(gateway: LocalGateway) -> AbstractContextManager[None]:
    def allow_all(config: Any) -> None:
        config["DefaultCacheBehavior"]["ViewerProtocolPolicy"] = "allow-all"

    return change_distribution(gateway, allow_all)


def distribution_with_another_secret(gateway: LocalGateway) -> AbstractContextManager[None]:
    def replace_secret(config: Any) -> None:
        config["Origins"]["Items"][0]["CustomHeaders"]["Items"][0]["HeaderValue"] = "0" * 64

    return change_distribution(gateway, replace_secret)


def prediction(gateway: LocalGateway) -> Observation:
    return observations.prediction(gateway, "iris")


@pytest.mark.parametrize(
    ("broken", "observe", "observed"),
    [
        (open_api, observations.no_key, "200"),
        (open_api, observations.wrong_key, "200"),
        (any_path, observations.unknown_path, "200"),
        (plain_http_distribution, observations.plain_http, "POST 200 to nowhere, GET 200 to nowhere"),
        (distribution_with_another_secret, prediction, "403 no prediction"),
        (distribution_with_another_secret, observations.sent_secret, "the value of no secret"),
    ],
)
def test_row_does_not_hold_for_a_broken_gateway(
    gateway: LocalGateway,
    broken: Callable[[LocalGateway], AbstractContextManager[None]],
    observe: Callable[[LocalGateway], Observation],
    observed: str,
) -> None:
    with broken(gateway):
        seen = observe(gateway)
    assert (seen.held, seen.observed) == (False, observed)
    assert observe(gateway).held, "the gateway was not put right again"


def test_rows_of_protocols_do_not_hold_without_the_right_key(backends: LocalGateway) -> None:
    *_, route = backends.design.routes["llama"]
    with distribution_with_another_secret(backends):
        reached = observations.prediction(backends, "fraud")
        answered = observations.answer_of_the_gateway(backends, route)
    assert (reached.held, reached.observed) == (False, "401 nothing")
    assert (answered.held, answered.observed[:3]) == (False, "401")


def test_rows_of_protocols_notice_another_backend_and_other_errors(backends: LocalGateway) -> None:
    server = backends.config.backends["server"].model_copy(update={"url": "https://models.example.com/elsewhere"})
    believed = backends.config.model_copy(
        update={"backends": {**backends.config.backends, "server": server}, "errors": None}
    )
    seen = observations.prediction(replace(backends, config=believed), "fraud")
    assert (seen.held, seen.observed) == (False, "200 /base/v2/models/fraud/infer")
    refused = observations.unknown_path(replace(backends, config=believed))
    assert (refused.expected, refused.observed) == ("403", "404")


def test_burst_does_not_hold_without_a_throttle(gateway: LocalGateway) -> None:
    (plan,) = gateway.config.plans.values()
    believed = gateway.config.model_copy(update={"plans": {"default": plan.model_copy(update={"burst": 2})}})
    assert observations.burst(replace(gateway, config=believed)).observed == "200, then 200"


def with_cdk(gateway: LocalGateway, **actions: Callable[[], object]) -> LocalGateway:
    """The gateway with a CLI that does something else."""
    cdk = create_autospec(CdkCli, instance=True, context=dict(gateway.cdk.context))
    for name, action in actions.items():
        getattr(cdk, name).side_effect = action
    return replace(gateway, cdk=cdk)


def test_rotation_that_takes_the_key_away_does_not_hold(gateway: LocalGateway) -> None:
    client, api_id = api_of(gateway)
    (plan,) = [
        plan["id"] for plan in client.get_usage_plans(limit=500)["items"] if plan["apiStages"][0]["apiId"] == api_id
    ]

    def outage() -> None:
        time.sleep(2 * observations.ROTATION_PACE)
        keys = [key["id"] for key in client.get_usage_plan_keys(usagePlanId=plan)["items"]]
        for key in keys:
            client.delete_usage_plan_key(usagePlanId=plan, keyId=key)
        time.sleep(2 * observations.ROTATION_PACE)
        for key in keys:
            client.create_usage_plan_key(usagePlanId=plan, keyId=key, keyType="API_KEY")

    assert observations.rotation(with_cdk(gateway, deploy=outage)).observed == "200, 403"


def test_destruction_that_leaves_everything_does_not_hold(gateway: LocalGateway) -> None:
    seen = observations.destruction(with_cdk(gateway))
    assert not seen.held
    assert "cloudformation describe_stacks us-east-1 care-api" in seen.observed


def test_difference_is_noticed_and_deployed_only_once(gateway: LocalGateway) -> None:
    gateway.cdk.context["generation"] = "2"
    assert observations.no_differences(gateway).observed == "exit code 1"
    assert observations.second_deploy(gateway).observed == "no changes in "
    assert observations.sent_secret(gateway).held
