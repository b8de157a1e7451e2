"""A file with clients, read from its templates: keys, limits, the lock, and what a client changes by its coming."""

import copy
import json
from typing import Any

import pytest

from ml_gateway import (
    ClientConfig,
    GatewayConfig,
    ModelConfig,
    OriginLockConfig,
    PlanConfig,
    RequestQuota,
    RequestRate,
    naming,
)
from ml_gateway.config import AlertsConfig, Percentage, SagemakerBackendConfig
from ml_gateway.functions import settings_of_viewer_request
from ml_gateway.serving import ProtocolName
from tests.policy.reading import first_rule
from tests.synthesis import Json, Templates, gateway_config, only, resources, synthesize

TWO = {"mobile-app": ClientConfig(plan="default"), "partner-x": ClientConfig(plan="default", keys=("a", "b"))}


@pytest.fixture(scope="module")
def api(multi_tenant_templates: Templates) -> Json:
    return multi_tenant_templates["api"]


@pytest.fixture(scope="module")
def keys(multi_tenant_templates: Templates) -> Json:
    return multi_tenant_templates["keys"]


@pytest.fixture(scope="module")
def edge(multi_tenant_templates: Templates) -> Json:
    return multi_tenant_templates["edge"]


def values(template: Json) -> list[str]:
    return sorted(key["Value"] for key in resources(template, "AWS::ApiGateway::ApiKey").values())


def test_each_key_has_a_secret_of_its_own_and_the_distribution_none(api: Json) -> None:
    assert values(api) == [
        f"{{{{resolve:secretsmanager:tenants-ml/clients/{name}:SecretString:::}}}}"
        for name in ("batch-jobs/default", "mobile-app/default", "partner-x/a", "partner-x/b")
    ]


def test_keys_join_their_plans_one_after_another(api: Json) -> None:
    keys = resources(api, "AWS::ApiGateway::UsagePlanKey")
    before = {key: set(api["Resources"][key].get("DependsOn", [])) & keys.keys() for key in keys}
    assert sorted(len(waits_for) for waits_for in before.values()) == [0, 1, 1, 1]
    assert len(set.union(*before.values())) == 3


def test_each_plan_throttles_and_limits_single_models(api: Json) -> None:
    plans = {plan["Throttle"]["RateLimit"]: plan for plan in resources(api, "AWS::ApiGateway::UsagePlan").values()}
    assert set(plans) == {2, 5, 100}
    assert plans[5]["Quota"] == {"Limit": 1000, "Period": "DAY", "Offset": 0}
    (free,) = plans[5]["ApiStages"]
    (gold,) = plans[100]["ApiStages"]
    assert free["Throttle"]["/llama/v1/chat/completions/POST"] == {"RateLimit": 1, "BurstLimit": 1}
    assert gold["Throttle"]["/llama/v1/chat/completions/POST"] == {"RateLimit": 20, "BurstLimit": 40}
    assert {path.split("/")[1] for path in free["Throttle"]} == {"llama"}


def test_a_prepared_plan_is_defined_and_holds_for_nobody() -> None:
    prepared = PlanConfig(rate=RequestRate(100), burst=200)
    plans = {"default": PlanConfig(rate=RequestRate(2), burst=10), "gold": prepared}
    template = synthesize(gateway_config(plans=plans, clients={"app": ClientConfig(plan="default")}))["api"]
    throttles = {name: plan["Throttle"] for name, plan in resources(template, "AWS::ApiGateway::UsagePlan").items()}
    names = {throttle["RateLimit"]: name for name, throttle in throttles.items()}
    joined = resources(template, "AWS::ApiGateway::UsagePlanKey").values()
    assert names.keys() == {2, 100}
    assert [key["UsagePlanId"]["Ref"] for key in joined] == [names[2]]


def test_outputs_tell_how_to_find_a_key_and_never_the_key(keys: Json, api: Json) -> None:
    outputs = {name: output["Value"] for each in (keys, api) for name, output in each["Outputs"].items()}
    assert outputs.keys() >= {"InvokeUrl", "KeyCommand", "UsageCommand"}
    assert outputs["KeyCommand"] == (
        "aws secretsmanager get-secret-value --region us-east-1 --secret-id 'tenants-ml/clients/<client>/<key>' "
        "--query SecretString --output text"
    )
    assert "tenants-ml/clients/<client>/<key>" in outputs["UsageCommand"]
    assert "resolve:" not in json.dumps(outputs)


def test_outputs_are_as_many_whatever_the_number_of_models_clients_and_keys() -> None:
    model = ModelConfig(url="https://model.example.com")
    clients = {f"c{number}": ClientConfig(plan="default", keys=("a", "b")) for number in range(20)}
    few = synthesize(gateway_config(clients=TWO))
    many = synthesize(gateway_config(clients=clients, models={f"m{number}": model for number in range(100)}))
    assert {role: set(template["Outputs"]) for role, template in few.items()} == {
        role: set(template["Outputs"]) for role, template in many.items()
    }


@pytest.mark.parametrize("protocol", ["raw", "openai"])
def test_names_that_hyphens_alone_tell_apart_are_names_of_different_things(protocol: ProtocolName) -> None:
    """Logical ids have no hyphens, but a hash of the path; CDK refuses two that are the same."""
    url, names = "https://model.example.com/v1", ("ab", "a-b")
    backends = {name: SagemakerBackendConfig(type="sagemaker", endpoint=name) for name in names}
    scores = {f"scores-{name}": ModelConfig(backend=name) for name in names}
    models = {name: ModelConfig(url=url, protocol=protocol) for name in names}
    clients = {name: ClientConfig(plan=name, keys=("k-1", "k1")) for name in names}
    plan = PlanConfig(rate=RequestRate(1), burst=1)
    templates = synthesize(
        gateway_config(
            backends=backends,
            models=models | scores,
            plans=dict.fromkeys(names, plan),
            clients=clients,
            alerts=AlertsConfig(email="ops@acme.com", errors=Percentage(1), latency_p95="2s"),
        )
    )
    api = templates["api"]
    assert values(api) == sorted(
        f"{{{{resolve:secretsmanager:acme-ml/clients/{name}/{key}:SecretString:::}}}}"
        for name in names
        for key in ("k-1", "k1")
    )
    plans = [api["Resources"][plan]["Metadata"] for plan in resources(api, "AWS::ApiGateway::UsagePlan")]
    assert sorted(each[naming.PLAN_METADATA] for each in plans) == ["plans.a-b", "plans.ab"]
    policies = json.dumps([*resources(api, "AWS::IAM::Policy").values()])
    assert all(policies.count(f':endpoint/{name}"') == 1 for name in names)
    metrics = resources(api, "AWS::Logs::MetricFilter").values()
    assert {f"MlGateway/acme-ml/{name}" for name in names} <= {
        transformation["MetricNamespace"] for each in metrics for transformation in each["MetricTransformations"]
    }


def test_the_first_rule_blocks_what_lacks_the_accepted_secret(api: Json) -> None:
    rule = first_rule(only(api, "AWS::WAFv2::WebACL"))
    assert rule["Action"] == {"Block": {}}
    match = rule["Statement"]["NotStatement"]["Statement"]["ByteMatchStatement"]
    assert match == {
        "FieldToMatch": {"SingleHeader": {"Name": "x-origin-verify"}},
        "PositionalConstraint": "EXACTLY",
        "SearchString": "{{resolve:secretsmanager:tenants-ml/origin/1:SecretString:::}}",
        "TextTransformations": [{"Priority": 0, "Type": "NONE"}],
    }


def test_a_rotation_accepts_two_generations_and_sends_the_newer_one() -> None:
    templates = synthesize(gateway_config(clients=TWO, origin_lock=OriginLockConfig(generation=4)))
    rule = first_rule(only(templates["api"], "AWS::WAFv2::WebACL"))
    accepted = rule["Statement"]["NotStatement"]["Statement"]["OrStatement"]["Statements"]
    references = [statement["ByteMatchStatement"]["SearchString"] for statement in accepted]
    assert references == [f"{{{{resolve:secretsmanager:acme-ml/origin/{n}:SecretString:::}}}}" for n in (3, 4)]
    (origin,) = only(templates["edge"], "AWS::CloudFront::Distribution")["DistributionConfig"]["Origins"]
    assert origin["OriginCustomHeaders"] == [{"HeaderName": "X-Origin-Verify", "HeaderValue": references[1]}]


def test_the_web_acl_guards_the_stage_of_the_api(api: Json) -> None:
    (web_acl,) = resources(api, "AWS::WAFv2::WebACL")
    (stage,) = resources(api, "AWS::ApiGateway::Stage")
    association = only(api, "AWS::WAFv2::WebACLAssociation")
    assert association["WebACLArn"] == {"Fn::GetAtt": [web_acl, "Arn"]}
    assert {"Ref": stage} in association["ResourceArn"]["Fn::Join"][1]
    assert only(api, "AWS::WAFv2::WebACL")["Scope"] == "REGIONAL"


def test_the_edge_takes_https_alone_and_never_mixes_up_the_answers_of_two_clients(edge: Json) -> None:
    behavior = only(edge, "AWS::CloudFront::Distribution")["DistributionConfig"]["DefaultCacheBehavior"]
    policy = only(edge, "AWS::CloudFront::CachePolicy")["CachePolicyConfig"]
    assert behavior["ViewerProtocolPolicy"] == "https-only"
    assert policy["ParametersInCacheKeyAndForwardedToOrigin"]["HeadersConfig"]["Headers"] == [
        "Authorization",
        "Accept",
        "x-api-key",
    ]


def test_every_function_knows_the_forms_of_the_file(edge: Json) -> None:
    distribution = only(edge, "AWS::CloudFront::Distribution")["DistributionConfig"]
    behaviors = [distribution["DefaultCacheBehavior"], *distribution["CacheBehaviors"]]
    functions = resources(edge, "AWS::CloudFront::Function")
    seen = set()
    for behavior in behaviors:
        (association,) = behavior["FunctionAssociations"]
        assert association["EventType"] == "viewer-request"
        seen.add(association["FunctionARN"]["Fn::GetAtt"][0])
    assert seen == functions.keys()
    for function in functions.values():
        assert function["FunctionConfig"]["Runtime"] == "cloudfront-js-2.0"
        settings = settings_of_viewer_request(function["FunctionCode"])
        assert settings
        assert [form["header"] for form in settings["keyForms"]] == ["authorization", "api-key"]


def with_clients(clients: dict[str, Any]) -> Json:
    return synthesize(gateway_config(clients=clients))["api"]


REVOKED = {
    "keys": ["AWS::SecretsManager::Secret"],
    "api": ["AWS::ApiGateway::ApiKey", "AWS::ApiGateway::UsagePlanKey"],
    "edge": [],
}


@pytest.mark.parametrize("role", REVOKED)
def test_removing_a_client_revokes_its_keys_and_replaces_nothing_else(role: str) -> None:
    before = synthesize(gateway_config(clients=TWO))[role]["Resources"]
    after = synthesize(gateway_config(clients={"partner-x": TWO["partner-x"]}))[role]["Resources"]
    removed = sorted(before[logical_id]["Type"] for logical_id in before.keys() - after.keys())
    assert not after.keys() - before.keys()
    assert removed == REVOKED[role]
    kept = copy.deepcopy({logical_id: before[logical_id] for logical_id in after})
    # The chain closes the gap: an order, not a property. And saved queries tell clients by their names.
    for template in (kept, after):
        for resource in template.values():
            if resource["Type"] == "AWS::ApiGateway::UsagePlanKey":
                resource.pop("DependsOn", None)
            # The stage lets through what is left, and the saved queries name who is left: both change in place.
            for changed_in_place in ("MethodSettings", "QueryString"):
                resource.get("Properties", {}).pop(changed_in_place, None)
    assert kept == after


def test_without_clients_everything_stays_as_it_was(templates: Templates) -> None:
    settings = settings_of_viewer_request(only(templates["edge"], "AWS::CloudFront::Function")["FunctionCode"])
    assert settings
    assert settings["keyForms"] is None
    assert not resources(templates["api"], "AWS::WAFv2::WebACL")


def test_the_origin_secret_stays_when_the_first_client_comes() -> None:
    def secret(config: GatewayConfig) -> Json:
        found = resources(synthesize(config)["keys"], "AWS::SecretsManager::Secret")
        return {key: value for key, value in found.items() if "/origin/" in value["Name"]}

    assert secret(gateway_config()) == secret(gateway_config(clients=TWO))


def test_a_key_keeps_its_value_when_its_plan_changes_its_limits() -> None:
    plan = PlanConfig(rate=RequestRate(9), burst=9, quota=RequestQuota(5, "day"))
    changed = synthesize(gateway_config(clients=TWO, plans={"default": plan}))["api"]
    assert resources(changed, "AWS::ApiGateway::ApiKey") == resources(with_clients(TWO), "AWS::ApiGateway::ApiKey")
