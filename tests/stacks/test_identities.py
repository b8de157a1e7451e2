"""What a gateway has whose clients an authorizer tells apart, and that no other gateway has any of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App

from ml_gateway import define_gateway, naming
from ml_gateway.config import GatewayConfig
from ml_gateway.conflicts import ConfigError
from ml_gateway.functions import find_jose
from ml_gateway.functions.authorizer_code import JOSE_VERSION, MissingModuleError
from ml_gateway.reading import load_config
from tests.documents import document_of, integrations_of, operations_of
from tests.files import IDENTITIES, KMS_KEY, REGIONAL, TOP, changed
from tests.synthesis import CONTEXT, Json, Templates, only, resources, synthesize

PERMISSION = "AWS::Lambda::Permission"


def identified(changes: dict[str, Any] | None = None) -> Templates:
    return synthesize(GatewayConfig(**changed(changes or {}, changed(IDENTITIES))))


@pytest.fixture(scope="module")
def api() -> Json:
    return identified()["api"]


def code_of(config: GatewayConfig, folder: Path) -> tuple[Json, Path]:
    """The config.json of the authorizer in what a deploy uploads, and the folder that it is in."""
    app = App(context=CONTEXT, builtin_cloud_formation_validation=False, outdir=str(folder))
    define_gateway(app, config)
    app.synth()
    (file,) = folder.glob("asset.*/config.json")
    found: Json = json.loads(file.read_text())
    return found, file.parent


def test_no_other_gateway_has_any_of_it(every_templates: Templates, multi_tenant_templates: Templates) -> None:
    for templates in (every_templates, multi_tenant_templates):
        text = json.dumps(templates)
        for part in ("uthorizer", "AWS::Lambda::Function", "X-Client-Id", "_tokens", "model_not_allowed", "clientName"):
            assert part not in text


def test_each_operation_asks_the_function_and_wants_a_key(api: Json) -> None:
    assert {json.dumps(each["security"]) for each in operations_of(api).values()} == {
        '[{"authorizer": [], "api_key": []}]'
    }
    scheme = document_of(api)["components"]["securitySchemes"]["authorizer"]
    assert (scheme["type"], scheme["in"], scheme["x-amazon-apigateway-authtype"]) == ("apiKey", "header", "custom")
    asked = scheme["x-amazon-apigateway-authorizer"]
    assert (asked["type"], asked["identitySource"]) == ("request", "method.request.header.X-Api-Key")
    assert asked["authorizerResultTtlInSeconds"] == 300
    (function,) = resources(api, "AWS::Lambda::Function")
    assert json.dumps(asked["authorizerUri"]).count(f'"{function}", "Arn"') == 1


def test_the_source_of_keys_is_said_twice(api: Json) -> None:
    assert only(api, "AWS::ApiGateway::RestApi")["ApiKeySourceType"] == "AUTHORIZER"
    assert document_of(api)["x-amazon-apigateway-api-key-source"] == "AUTHORIZER"


def test_no_deployment_asks_a_function_that_does_not_let_it(api: Json) -> None:
    """Else the requests of the moments in between would fail."""
    (permission,) = resources(api, PERMISSION)
    (deployment,) = (each for each in api["Resources"].values() if each["Type"] == "AWS::ApiGateway::Deployment")
    assert permission in deployment["DependsOn"]
    source = json.dumps(only(api, PERMISSION)["SourceArn"])
    assert "/authorizers/*" in source
    assert next(iter(resources(api, "AWS::ApiGateway::RestApi"))) in source


def test_the_function_may_read_the_keys_of_clients_and_write_its_log(api: Json) -> None:
    (policy,) = resources(api, "AWS::IAM::Policy").values()
    statements = {
        json.dumps(each["Action"]): json.dumps(each["Resource"]) for each in policy["PolicyDocument"]["Statement"]
    }
    assert statements.keys() == {
        '["logs:CreateLogStream", "logs:PutLogEvents"]',
        '"secretsmanager:GetSecretValue"',
        '"secretsmanager:BatchGetSecretValue"',
    }
    arn = ["arn:aws:secretsmanager:us-east-1:", {"Ref": "AWS::AccountId"}, ":secret:acme-ml/clients/*/*"]
    assert json.loads(statements['"secretsmanager:GetSecretValue"']) == {"Fn::Join": ["", arn]}


def test_a_client_that_comes_changes_no_policy(api: Json) -> None:
    """One that changes counts some seconds later: until then the function could not read, and would refuse all."""
    more = identified({"clients.third": {"plan": "default", "keys": ["a", "b"], "jwt": {"corp": "third"}}})["api"]
    assert len(resources(more, "AWS::ApiGateway::ApiKey")) > len(resources(api, "AWS::ApiGateway::ApiKey"))
    assert resources(more, "AWS::IAM::Policy") == resources(api, "AWS::IAM::Policy")


def test_a_key_of_ones_own_may_be_used_to_read_them() -> None:
    api = identified({"encryption.kms_key": KMS_KEY})["api"]
    (policy,) = resources(api, "AWS::IAM::Policy").values()
    (decrypt,) = [each for each in policy["PolicyDocument"]["Statement"] if each["Action"] == "kms:Decrypt"]
    assert decrypt["Resource"] == KMS_KEY
    assert decrypt["Condition"] == {"StringEquals": {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}}
    logs = resources(api, "AWS::Logs::LogGroup").values()
    assert [each.get("KmsKeyId") for each in logs] == [KMS_KEY] * len(logs)


def test_concurrency_is_reserved_only_where_the_file_says_so(api: Json) -> None:
    assert "ReservedConcurrentExecutions" not in only(api, "AWS::Lambda::Function")
    reserved = identified({"authorizer.reserved_concurrency": 50})["api"]
    assert only(reserved, "AWS::Lambda::Function")["ReservedConcurrentExecutions"] == 50


def test_the_key_that_counts_for_tokens_is_in_the_plan_of_its_client(api: Json) -> None:
    values = {name: key["Value"] for name, key in resources(api, "AWS::ApiGateway::ApiKey").items()}
    joined = [values[key["KeyId"]["Ref"]] for key in resources(api, "AWS::ApiGateway::UsagePlanKey").values()]
    reference = "{{{{resolve:secretsmanager:acme-ml/clients/{}:SecretString:::}}}}"
    assert sorted(values.values()) == [reference.format("batch/_tokens"), reference.format("mobile/default")]
    assert sorted(joined) == sorted(values.values())
    names = {secret["Name"] for secret in resources(identified()["keys"], "AWS::SecretsManager::Secret").values()}
    assert names == {"acme-ml/origin/1", "acme-ml/clients/batch/_tokens", "acme-ml/clients/mobile/default"}


def test_the_code_knows_each_client_and_nothing_else(tmp_path: Path) -> None:
    config = GatewayConfig(**changed(IDENTITIES))
    found, folder = code_of(config, tmp_path)
    assert found["clients"] == {
        "batch": {"allowed": ["*"], "keys": [], "tokens": "acme-ml/clients/batch/_tokens"},
        "mobile": {
            "allowed": ["POST/predict", "POST/predict/"],
            "keys": ["acme-ml/clients/mobile/default"],
            "tokens": None,
        },
    }
    (issuer,) = found["issuers"]
    assert issuer == {
        "audience": ["https://ml.acme.com"],
        "claim": "azp",
        "clients": {"batch-prod": "batch"},
        "require": {},
        "url": "https://login.acme.com/",
    }
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {"index.js", "config.json", "node_modules/jose/package.json", "node_modules/jose/LICENSE.md"} <= names
    assert not [name for name in names if name.endswith((".ts", ".map"))]
    assert sum((folder / name).stat().st_size for name in names) < 400_000


def test_lists_alone_need_no_package(tmp_path: Path) -> None:
    clients = {"issuers": {}, "clients": {"a": {"plan": "default", "models": ["predict", "llama"]}}}
    found, folder = code_of(
        GatewayConfig(**changed({**clients, "models.llama": {"url": "https://a.b/v1", "protocol": "openai"}})), tmp_path
    )
    assert found["issuers"] == []
    assert not (folder / "node_modules").exists()


def test_a_missing_package_is_told_before_anything_is_defined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = App()
    with pytest.raises(ConfigError, match=rf"^issuers: tokens are checked by jose, .* jose@{JOSE_VERSION}$"):
        define_gateway(app, GatewayConfig(**changed(IDENTITIES)))
    assert app.node.children == []


def test_the_package_is_found_as_node_finds_it(tmp_path: Path) -> None:
    package = tmp_path / "node_modules" / "jose" / "package.json"
    package.parent.mkdir(parents=True)
    package.write_text(json.dumps({"version": JOSE_VERSION}))
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert find_jose(inner) == package.parent
    nearer = tmp_path / "a" / "node_modules" / "jose" / "package.json"
    nearer.parent.mkdir(parents=True)
    nearer.write_text('{"version": "1.0.0"}')
    with pytest.raises(MissingModuleError, match=r"is 1\.0\.0"):
        find_jose(inner)


def test_backends_over_http_are_told_the_client_and_no_other_kind() -> None:
    example = load_config(TOP / "examples" / "every_backend.yaml")
    clients = {
        "clients": {"a": {"plan": "gold", "models": list(example.models)}},
        "plans": {"gold": {"rate": "1/s", "burst": 1}},
    }
    config = GatewayConfig.model_validate({**example.model_dump(exclude_unset=True), **clients})
    told: dict[str, set[str | None]] = {}
    for integration in integrations_of(synthesize(config)["api"]).values():
        name = integration.get("requestParameters", {}).get("integration.request.header.X-Client-Id")
        told.setdefault(integration["type"], set()).add(name)
    assert told == {
        "http_proxy": {"context.authorizer.client"}, "aws_proxy": {None}, "aws": {None}, "mock": {None}
    }  # fmt: skip


def test_the_access_log_has_the_client(api: Json) -> None:
    line = json.loads(only(api, "AWS::ApiGateway::Stage")["AccessLogSetting"]["Format"])
    assert line["clientName"] == "$context.authorizer.client"


@pytest.mark.parametrize("errors", [None, "openai", "oip", "plain"])
def test_who_is_refused_is_told_why_in_any_dialect(errors: str | None) -> None:
    found = document_of(identified({"errors": errors} if errors else {})["api"])[
        "x-amazon-apigateway-gateway-responses"
    ]
    statuses = {name: each["statusCode"] for name, each in found.items() if "statusCode" in each}
    assert statuses["UNAUTHORIZED"] == "401"
    assert statuses["ACCESS_DENIED"] == "403"
    for failure in ("AUTHORIZER_FAILURE", "AUTHORIZER_CONFIGURATION_ERROR"):
        assert statuses[failure] == "503"
        assert found[failure]["responseParameters"]["gatewayresponse.header.Retry-After"] == "'10'"
        assert "cannot tell at the moment" in found[failure]["responseTemplates"]["application/json"]
    assert "may not call" in found["ACCESS_DENIED"]["responseTemplates"]["application/json"]
    assert (len(found) == 4) == (errors is None)


def test_outputs_name_the_log_and_the_line_that_flushes(api: Json) -> None:
    line = json.dumps(api["Outputs"][naming.FLUSH_COMMAND]["Value"])
    assert "flush-stage-authorizers-cache --region us-east-1 --rest-api-id" in line
    assert "--stage-name" in line
    assert naming.AUTHORIZER_LOG_GROUP in api["Outputs"]


def test_each_region_has_a_function_that_reads_its_own_replicas() -> None:
    templates = identified({**REGIONAL, "plans.default.across_regions": "each"})
    for region in ("us-east-1", "eu-west-1"):
        api = templates[f"api-{region}"]
        (policy,) = resources(api, "AWS::IAM::Policy").values()
        assert f"arn:aws:secretsmanager:{region}:" in json.dumps(policy)
        assert json.dumps(policy).count(":secretsmanager:") == 1
