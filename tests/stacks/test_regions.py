"""Several regions behind one name: what each stack has, in which order they come, and what never changes."""

from collections.abc import Sequence

import pytest
from aws_cdk import App

from ml_gateway import (
    ClientConfig,
    EdgeConfig,
    FirewallConfig,
    GatewayConfig,
    LogsConfig,
    RegionConfig,
    RequestWindow,
    define_gateway,
    load,
    load_config,
    naming,
)
from ml_gateway.policy import SOURCE_METADATA
from tests.files import TOP
from tests.policy.reading import broken_rules
from tests.stacks.regional import (
    ALARM,
    CHECK,
    DOMAIN,
    ONE,
    PLAN,
    RECORD,
    THREE,
    TWO,
    apis_of,
    of_regions,
)
from tests.synthesis import Templates, gateway_config, new_app, only, resources, synthesize


@pytest.mark.parametrize("clients", [{}, {"app": ClientConfig(plan="default")}], ids=["shared plan", "clients"])
@pytest.mark.parametrize("regions", [ONE, TWO, THREE], ids=len)
def test_there_is_an_api_and_a_record_in_each_region_and_every_rule_is_kept(
    regions: Sequence[str], clients: dict[str, ClientConfig]
) -> None:
    templates = synthesize(of_regions(regions, clients=clients))
    apis = apis_of(templates)
    assert len(apis) == len(regions)
    found = [only(api, RECORD) for api in apis.values()]
    assert sorted(record["Region"] for record in found) == sorted(regions)
    assert {record["Name"] for record in found} == {"origin.ml.acme.com."}
    assert {name: broken for name, template in templates.items() if (broken := broken_rules(template))} == {}
    assert "Custom::CrossRegion" not in str(templates)


def test_a_key_is_allowed_in_all_regions_together_what_each_of_them_lets_through() -> None:
    def key_rate(across_regions: str) -> int:
        plan = PLAN.model_copy(update={"across_regions": across_regions})
        edge = EdgeConfig(domain=DOMAIN, firewall=FirewallConfig(rate=RequestWindow(2000, 5)))
        web_acl = only(synthesize(of_regions(TWO, plans={"default": plan}, edge=edge))["edge"], "AWS::WAFv2::WebACL")
        limits = [rule["Statement"].get("RateBasedStatement", {}) for rule in web_acl["Rules"]]
        return max(int(each["Limit"]) for each in limits if each and each["AggregateKeyType"] == "CUSTOM_KEYS")

    assert key_rate("split") == 10 * 300 + 20
    assert key_rate("each") == 2 * key_rate("split")


@pytest.mark.parametrize("across_regions", ["each", "split"])
def test_a_plan_lets_all_of_it_through_in_each_region_or_its_part(across_regions: str) -> None:
    plan = PLAN.model_copy(update={"across_regions": across_regions, "limits": {}})
    part = 2 if across_regions == "split" else 1
    for api in apis_of(synthesize(of_regions(TWO, plans={"default": plan}))).values():
        found = only(api, "AWS::ApiGateway::UsagePlan")
        assert found["Throttle"] == {"RateLimit": 10 / part, "BurstLimit": 20 // part}
        assert found["Quota"]["Limit"] == 1000 // part
        settings = only(api, "AWS::ApiGateway::Stage")["MethodSettings"]
        assert settings[0]["ThrottlingRateLimit"] == 10 / part


def test_stacks_are_told_apart_by_construct_ids_and_have_one_name() -> None:
    app = new_app()
    define_gateway(app, of_regions(TWO, logs=LogsConfig(account_role="create")))
    stacks = {stack.id: (stack.stack_name, stack.environment.region) for stack in app.synth().stacks}
    assert stacks == {
        "acme-ml-keys": ("acme-ml-keys", "us-east-1"),
        "acme-ml-drain-us-east-1": ("acme-ml-drain-us-east-1", "us-west-2"),
        "acme-ml-drain-eu-west-1": ("acme-ml-drain-eu-west-1", "us-east-1"),
        "acme-ml-account-us-east-1": ("acme-ml-account", "us-east-1"),
        "acme-ml-account-eu-west-1": ("acme-ml-account", "eu-west-1"),
        "acme-ml-api-us-east-1": ("acme-ml-api", "us-east-1"),
        "acme-ml-api-eu-west-1": ("acme-ml-api", "eu-west-1"),
        "acme-ml-edge": ("acme-ml-edge", "us-east-1"),
    }


def test_the_construct_id_has_the_region_from_one_region_on() -> None:
    app = new_app()
    define_gateway(app, gateway_config())
    assert [stack.id for stack in app.synth().stacks] == ["acme-ml-keys", "acme-ml-api-us-east-1", "acme-ml-edge"]


def waits_for(app: App) -> dict[str, set[str]]:
    """Each stack, and those that are deployed before it."""
    stacks = {stack.id: stack for stack in app.synth().stacks}

    def before(name: str) -> set[str]:
        direct = {each.id for each in stacks[name].dependencies if each.id in stacks}
        return direct.union(*map(before, direct)) if direct else direct

    return {name: before(name) for name in stacks}


def test_keys_come_before_alarms_before_all_regions_before_the_edge() -> None:
    app = new_app()
    define_gateway(app, of_regions(TWO, logs=LogsConfig(account_role="create")))
    order = waits_for(app)
    for region in TWO:
        assert order[f"acme-ml-drain-{region}"] == {"acme-ml-keys"}
        assert order[f"acme-ml-api-{region}"] == {
            "acme-ml-keys",
            f"acme-ml-drain-{region}",
            f"acme-ml-account-{region}",
        }
    assert order["acme-ml-edge"] == order.keys() - {"acme-ml-edge"}


@pytest.mark.parametrize("regions", [ONE, TWO, THREE, ("eu-west-1",)], ids=str)
def test_keys_and_secrets_have_a_replica_in_each_other_region(regions: Sequence[str]) -> None:
    keys = synthesize(of_regions(regions))["keys"]
    secrets = {secret["Name"]: secret for secret in resources(keys, "AWS::SecretsManager::Secret").values()}
    assert secrets.keys() == {"acme-ml/origin/1", "acme-ml/clients/app/default"}
    for secret in secrets.values():
        replicated = [replica["Region"] for replica in secret.get("ReplicaRegions", [])]
        assert replicated == [region for region in regions if region != "us-east-1"]


def test_one_region_has_neither_a_check_nor_an_alarm() -> None:
    templates = synthesize(of_regions(ONE))
    assert templates.keys() == {"keys", "api", "edge"}
    assert not any(resources(template, CHECK) for template in templates.values())
    assert "HealthCheckId" not in only(templates["api"], RECORD)


def test_a_check_follows_the_alarm_of_its_region_which_is_in_another_one(two: Templates) -> None:
    for region, elsewhere in (("us-east-1", "us-west-2"), ("eu-west-1", "us-east-1")):
        alarm = only(two[f"drain-{region}"], ALARM)
        (check,) = resources(two[f"api-{region}"], CHECK)
        config = only(two[f"api-{region}"], CHECK)["HealthCheckConfig"]
        assert config["AlarmIdentifier"] == {"Name": alarm["AlarmName"], "Region": elsewhere}
        assert config["Type"] == "CLOUDWATCH_METRIC"
        assert config["InsufficientDataHealthStatus"] == "LastKnownStatus"
        assert only(two[f"api-{region}"], RECORD)["HealthCheckId"] == {"Ref": check}
        assert list(two[f"drain-{region}"]["Resources"]) == list(resources(two[f"drain-{region}"], ALARM))


def test_the_two_lines_that_drain_and_bring_back_are_outputs(two: Templates) -> None:
    outputs = two["drain-eu-west-1"]["Outputs"]
    line = (
        "aws cloudwatch put-metric-data --region us-east-1 --namespace MlGateway/acme-ml --metric-name Drain "
        "--dimensions Region=eu-west-1 --value "
    )
    assert outputs[naming.DRAIN_COMMAND]["Value"] == f"{line}1"
    assert outputs[naming.BRING_BACK_COMMAND]["Value"] == f"{line}0"
    alarm = only(two["drain-eu-west-1"], ALARM)
    assert (alarm["Namespace"], alarm["MetricName"]) == ("MlGateway/acme-ml", "Drain")
    assert alarm["Dimensions"] == [{"Name": "Region", "Value": "eu-west-1"}]
    assert (alarm["Statistic"], alarm["Period"], alarm["EvaluationPeriods"]) == ("Maximum", 60, 1)
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanOrEqualToThreshold", 1)


def test_the_file_says_where_an_alarm_is() -> None:
    regions = {"us-east-1": RegionConfig(alarm_region="ca-central-1"), "eu-west-1": RegionConfig()}
    app = new_app()
    gateway = define_gateway(app, of_regions(regions))
    assert gateway.drains["us-east-1"].region == "ca-central-1"
    config = only(synthesize(of_regions(regions))["api-us-east-1"], CHECK)["HealthCheckConfig"]
    assert config["AlarmIdentifier"]["Region"] == "ca-central-1"


def test_a_region_that_is_drained_by_the_file_has_all_but_the_record(two: Templates) -> None:
    drained = synthesize(of_regions({"us-east-1": RegionConfig(), "eu-west-1": RegionConfig(drain=True)}))
    api, whole = drained["api-eu-west-1"]["Resources"], two["api-eu-west-1"]["Resources"]
    assert {name for name in whole if name not in api} == {name for name in whole if whole[name]["Type"] == RECORD}
    assert api == {name: whole[name] for name in api}
    for name in drained.keys() - {"api-eu-west-1"}:
        assert drained[name] == two[name]


def test_a_list_and_a_map_are_the_same(two: Templates) -> None:
    assert synthesize(of_regions({"us-east-1": RegionConfig(), "eu-west-1": {}})) == two
    assert synthesize(of_regions(list(TWO))) == two


def test_each_api_knows_the_line_of_the_file() -> None:
    app = App(context={})
    file = TOP / "examples" / "two_regions.yaml"

    loaded = load(file)
    gateway = define_gateway(app, loaded.config, written=loaded.written)
    for api in gateway.apis.values():
        assert [entry.data for entry in api.node.metadata if entry.type == SOURCE_METADATA]


def test_the_example_is_the_same_from_python_values() -> None:
    config = load_config(TOP / "examples" / "two_regions.yaml")
    assert synthesize(GatewayConfig(**dict(config))) == synthesize(config)
