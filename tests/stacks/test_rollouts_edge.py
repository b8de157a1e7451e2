"""What the edge has where models have versions: a store, what writes it, and what tells that a version fails."""

import json
import re
from pathlib import Path

import pytest
from aws_cdk import App

from ml_gateway import define_gateway, naming
from ml_gateway.conflicts import ConfigError
from ml_gateway.functions.overrides_code import SIGNER_VERSION
from ml_gateway.reading import load
from tests.files import KMS_KEY
from tests.iam.concrete import concrete, log_group
from tests.iam.simulator import Case, decided
from tests.policy.reading import behaviors, broken_in_app
from tests.stacks.regional import ALARM
from tests.stacks.test_rollouts import EXAMPLE, LAMBDA, REGIONAL, RULE, STORE, example
from tests.synthesis import AssemblyOf, Json, Templates, only, resources

FUNCTION = "AWS::CloudFront::Function"
FAILS = "acme-versions-fraud--v2-fails"
SERVICE = "cloudfront-keyvaluestore"


@pytest.fixture(scope="module")
def edge(rollouts_templates: Templates) -> Json:
    return rollouts_templates["edge"]


@pytest.fixture(scope="module")
def regional() -> Templates:
    return example(REGIONAL)


@pytest.fixture(scope="module")
def encrypted() -> Json:
    """Of a gateway with a key and a retention of its own, and caches."""
    cached = {"models.ping-pong.methods": ["GET"], "models.ping-pong.cache": "60s"}
    return example({"encryption.kms_key": KMS_KEY, "logs.retention": "7d", **cached})["edge"]


def arn_of(template: Json, kind: str) -> Json:
    (name,) = resources(template, kind)
    return {"Fn::GetAtt": [name, "Arn"]}


def test_every_function_of_the_edge_reads_the_one_store(edge: Json, encrypted: Json) -> None:
    for template, number in ((edge, 1), (encrypted, 2)):
        functions = resources(template, FUNCTION).values()
        used = {json.dumps(each["FunctionAssociations"]) for each in behaviors(template).values()}
        assert len(functions) == number == len(used)
        associated = [each["FunctionConfig"]["KeyValueStoreAssociations"] for each in functions]
        assert associated == [[{"KeyValueStoreARN": arn_of(template, STORE)}]] * number
        assert [each for each in functions if "import cf from 'cloudfront';" not in each["FunctionCode"]] == []


def test_the_function_that_writes_runs_as_it_was_tested(edge: Json) -> None:
    function = only(edge, LAMBDA)
    assert (function["Runtime"], function["Handler"]) == ("nodejs24.x", "index.handler")
    assert function["Environment"] == {"Variables": {"STORE": arn_of(edge, STORE)}}
    assert function["Role"] == arn_of(edge, "AWS::IAM::Role")


def test_its_log_ends_when_the_file_says_and_has_the_files_key(edge: Json, encrypted: Json) -> None:
    for template, days, key in ((edge, 90, None), (encrypted, 7, KMS_KEY)):
        log = only(template, LAMBDA)["LoggingConfig"]["LogGroup"]["Ref"]
        found = resources(template, "AWS::Logs::LogGroup")[log]
        assert (found["RetentionInDays"], found.get("KmsKeyId")) == (days, key)


def test_its_code_knows_the_shares_of_the_file_and_the_alarm(assembly_of: AssemblyOf) -> None:
    (code,) = assembly_of("rollouts").glob("asset.*/shares.js")
    assert json.loads((code.parent / "config.json").read_text()) == {
        "models": {"fraud": {"v1": 90, "v2": 10}, "llama": {"stable": 100, "next": 0}, "predict": {"v7": 100}},
        "alarms": {FAILS: {"model": "fraud", "version": "v2", "to": "v1"}},
    }
    signer = code.parent / "node_modules" / "@smithy" / "signature-v4a" / "package.json"
    assert json.loads(signer.read_text())["version"] == SIGNER_VERSION


def test_its_role_does_four_things_to_that_store_and_writes_its_log(edge: Json) -> None:
    (role,) = resources(edge, "AWS::IAM::Role").values()
    assert role.keys() == {"AssumeRolePolicyDocument"}
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
    said = {
        json.dumps(each["Resource"]): sorted(each["Action"])
        for each in only(edge, "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    }
    assert said == {
        json.dumps(arn_of(edge, STORE)): [
            f"{SERVICE}:{action}" for action in ("DeleteKey", "DescribeKeyValueStore", "GetKey", "PutKey")
        ],
        json.dumps(arn_of(edge, "AWS::Logs::LogGroup")): ["logs:CreateLogStream", "logs:PutLogEvents"],
    }


def test_another_evaluator_lets_its_role_do_no_more(edge: Json) -> None:
    policy = concrete(only(edge, "AWS::IAM::Policy")["PolicyDocument"], edge)
    store = concrete(arn_of(edge, STORE), edge)
    (own_log,) = resources(edge, "AWS::Logs::LogGroup")
    allowed = [
        *((f"{SERVICE}:{action}", store) for action in ("GetKey", "PutKey", "DeleteKey", "DescribeKeyValueStore")),
        ("logs:PutLogEvents", f"{log_group(own_log)}:log-stream:a"),
        ("logs:CreateLogStream", f"{log_group(own_log)}:log-stream:a"),
    ]
    refused = [
        *((f"{SERVICE}:{action}", store) for action in ("UpdateKeys", "ListKeys")),
        *((f"{SERVICE}:{action}", f"{store}c") for action in ("GetKey", "PutKey", "DeleteKey")),
        *((f"cloudfront:{action}KeyValueStore", store) for action in ("Delete", "Update", "Describe")),
        ("logs:PutLogEvents", f"{log_group('Other')}:log-stream:a"),
        ("logs:CreateLogGroup", log_group(own_log)),
    ]
    cases = [Case(policy=policy, action=action, resource=resource) for action, resource in (*allowed, *refused)]
    assert decided(cases) == [True] * len(allowed) + [False] * len(refused)


def test_stale_overrides_are_taken_away_once_the_distribution_is_deployed(edge: Json) -> None:
    shares = {
        each["Properties"]["Model"]: each for each in edge["Resources"].values() if each["Type"] == naming.SHARES_TYPE
    }
    assert {model: each["Properties"]["Split"] for model, each in shares.items()} == {
        "fraud": {"v1": 90, "v2": 10}, "llama": {"stable": 100, "next": 0}, "predict": {"v7": 100}
    }  # fmt: skip
    (distribution,) = resources(edge, "AWS::CloudFront::Distribution")
    (policy,) = resources(edge, "AWS::IAM::Policy")
    (function,) = resources(edge, LAMBDA)
    for each in shares.values():
        assert distribution in each["DependsOn"]
        assert each["Properties"]["ServiceToken"] == arn_of(edge, LAMBDA)
        # No hour, and longer than the function itself may take.
        assert each["Properties"]["ServiceTimeout"] == "120"
        assert only(edge, LAMBDA)["Timeout"] < 120
        assert each["DeletionPolicy"] == each["UpdateReplacePolicy"] == "Delete"
    # It can write by the time that it is asked to.
    assert policy in edge["Resources"][function]["DependsOn"]


def test_it_hears_alarms_by_their_names_that_go_off(edge: Json) -> None:
    rule = only(edge, RULE)
    assert rule["EventPattern"] == {
        "source": ["aws.cloudwatch"],
        "detail-type": ["CloudWatch Alarm State Change"],
        "detail": {"alarmName": [FAILS], "state": {"value": ["ALARM"]}},
    }
    assert [target["Arn"] for target in rule["Targets"]] == [arn_of(edge, LAMBDA)]
    assert only(edge, "AWS::Lambda::Permission") == {
        "Action": "lambda:InvokeFunction",
        "FunctionName": arn_of(edge, LAMBDA),
        "Principal": "events.amazonaws.com",
        "SourceArn": arn_of(edge, RULE),
    }


def test_without_a_rollback_nothing_is_heard_and_all_else_is_there() -> None:
    templates = example({"models.fraud.rollback": None})
    for template in templates.values():
        for kind in (RULE, "AWS::Lambda::Permission" if template is templates["edge"] else RULE):
            assert resources(template, kind) == {}
    assert "-fails" not in json.dumps(templates)
    assert len(resources(templates["edge"], STORE)) == len(resources(templates["edge"], LAMBDA)) == 1


def test_three_commands_show_write_and_release_an_override(edge: Json) -> None:
    commands = {
        name: json.dumps(edge["Outputs"][name]["Value"])
        for name in (naming.OVERRIDES_COMMAND, naming.OVERRIDE_COMMAND, naming.RELEASE_COMMAND)
    }
    verbs = [re.findall(rf"^.{{0,40}}aws {SERVICE} ([a-z-]+) --kvs-arn", command) for command in commands.values()]
    assert verbs == [["list-keys"], ["put-key"], ["delete-key"]]
    assert [name for name, command in commands.items() if json.dumps(arn_of(edge, STORE)) not in command] == []
    for name in (naming.OVERRIDE_COMMAND, naming.RELEASE_COMMAND):
        assert "--key <model>" in commands[name]
        assert f"--if-match $(aws {SERVICE} describe-key-value-store" in commands[name]


# Several regions


def test_outside_us_east_1_alone_alarms_are_forwarded_to_the_one_bus(regional: Templates) -> None:
    assert resources(regional["api-us-east-1"], RULE) == {}
    there = regional["api-eu-west-1"]
    rule = only(there, RULE)
    assert rule["EventPattern"] == only(regional["edge"], RULE)["EventPattern"]
    (target,) = rule["Targets"]
    bus = {"Fn::Join": ["", ["arn:aws:events:us-east-1:", {"Ref": "AWS::AccountId"}, ":event-bus/default"]]}
    assert target["Arn"] == bus
    (name, _) = target["RoleArn"]["Fn::GetAtt"]
    (policy,) = (each for each in resources(there, "AWS::IAM::Policy").values() if {"Ref": name} in each["Roles"])
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"], statement["Resource"]) == ("Allow", "events:PutEvents", bus)
    (trust,) = resources(there, "AWS::IAM::Role")[name]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "events.amazonaws.com"}


def test_each_region_has_the_alarm_by_the_one_name_and_the_edge_has_all_else_once(regional: Templates) -> None:
    for region in ("us-east-1", "eu-west-1"):
        alarms = resources(regional[f"api-{region}"], ALARM).values()
        assert [each["AlarmName"] for each in alarms if "AlarmName" in each] == [FAILS]
    for kind in (STORE, naming.SHARES_TYPE, LAMBDA):
        holding = [name for name, template in regional.items() if resources(template, kind)]
        assert [name for name in holding if kind != LAMBDA or name == "edge"] == ["edge"]
    assert broken_in_app(regional) == {}


# A missing package


def test_a_missing_package_is_told_with_its_line_before_anything_is_defined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = load(EXAMPLE)
    line = EXAMPLE.read_text().splitlines().index("models:") + 1
    monkeypatch.chdir(tmp_path)
    app = App()
    with pytest.raises(ConfigError) as raised:
        define_gateway(app, loaded.config, written=loaded.written)
    assert str(raised.value) == (
        f"{EXAMPLE}:{line}: models: overrides of rollouts are signed by @smithy/signature-v4a, a package of npm, and "
        "no node_modules has it; in the folder of cdk.json run npm install --save-exact "
        f"@smithy/signature-v4a@{SIGNER_VERSION}"
    )
    assert app.node.children == []
