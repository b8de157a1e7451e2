"""What was broken on purpose in an API's document is refused: no other check reads it."""

import copy
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ml_gateway.policy import HouseRule, document_rules, integration_rules
from ml_gateway.policy.document_rules import DOCUMENT_RULES
from ml_gateway.policy.integration_rules import INTEGRATION_RULES
from tests.documents import document_of, integrations_of, operations_of
from tests.policy.reading import broken_rules
from tests.policy.test_cfn_lint import lint
from tests.synthesis import Json, Templates, resources

RAW = "GET /documents/{id}/summary"
LIST = "GET /fast/v1/models"
LAMBDA = "POST /language"
SAGEMAKER = "POST /fraud/invocations"


@pytest.fixture(scope="module")
def api(every_templates: Templates) -> Json:
    """An API with every type of backend."""
    return every_templates["api"]


def rest_api(template: Json) -> Json:
    (found,) = resources(template, "AWS::ApiGateway::RestApi").values()
    return found


def operation(template: Json, name: str) -> Json:
    return operations_of(template)[name]


def integration(template: Json, name: str) -> Json:
    return integrations_of(template)[name]


def mappings(template: Json, name: str) -> Json:
    found: Json = integration(template, name)["requestParameters"]
    return found


def add_beside(template: Json, kind: str) -> None:
    (api_id,) = resources(template, "AWS::ApiGateway::RestApi")
    template["Resources"]["Beside"] = {"Type": f"AWS::ApiGateway::{kind}", "Properties": {"RestApiId": {"Ref": api_id}}}


def permission(template: Json) -> Json:
    (found,) = resources(template, "AWS::Lambda::Permission").values()
    return found


BROKEN: list[tuple[str, HouseRule, Callable[[Json], object]]] = [
    ("open operation", document_rules.operations_require_keys, lambda t: operation(t, RAW).pop("security")),
    ("operation with empty security", document_rules.operations_require_keys,
     lambda t: operation(t, RAW).update(security=[])),
    ("operation with a second way in", document_rules.operations_require_keys,
     lambda t: operation(t, RAW)["security"].append({})),
    ("unknown scheme", document_rules.operations_require_keys,
     lambda t: operation(t, RAW).update(security=[{"apikey": []}])),
    ("scheme that is no key", document_rules.operations_require_keys,
     lambda t: document_of(t)["components"]["securitySchemes"]["api_key"].update(name="x-other")),
    ("security at the top alone", document_rules.operations_require_keys,
     lambda t: (operation(t, RAW).pop("security"), document_of(t).update(security=[{"api_key": []}]))),
    ("document elsewhere", document_rules.operations_require_keys,
     lambda t: (rest_api(t).pop("Body"), rest_api(t).update(BodyS3Location={"Bucket": "b", "Key": "k"}))),
    ("path elsewhere", document_rules.operations_require_keys,
     lambda t: document_of(t)["paths"].update({"/other": {"$ref": "#/elsewhere"}})),
    ("variable that nobody declares", document_rules.variables_are_declared,
     lambda t: operation(t, RAW).pop("parameters")),
    ("variable of another path", document_rules.variables_are_declared,
     lambda t: operation(t, RAW)["parameters"][0].update(name="other")),
    ("variable that may be missing", document_rules.variables_are_declared,
     lambda t: operation(t, RAW)["parameters"][0].update(required=False)),
    ("document that merges", document_rules.documents_overwrite, lambda t: rest_api(t).update(Mode="merge")),
    ("document without a mode", document_rules.documents_overwrite, lambda t: rest_api(t).pop("Mode")),
    ("warnings that nobody sees", document_rules.documents_overwrite, lambda t: rest_api(t).pop("FailOnWarnings")),
    ("name in the property alone", document_rules.settings_stand_twice,
     lambda t: document_of(t)["info"].update(title="other")),
    ("bodies as text after an import", document_rules.settings_stand_twice,
     lambda t: document_of(t).pop("x-amazon-apigateway-binary-media-types")),
    ("key source in the document alone", document_rules.settings_stand_twice,
     lambda t: rest_api(t).pop("ApiKeySourceType")),
    ("policy in the property alone", document_rules.settings_stand_twice,
     lambda t: rest_api(t).update(Policy={"Statement": []})),
    ("endpoint that the import forgets", document_rules.settings_stand_twice, lambda t: rest_api(t).pop("Parameters")),
    ("endpoint of another type", document_rules.settings_stand_twice,
     lambda t: rest_api(t).update(EndpointConfiguration={"Types": ["EDGE"]})),
    *((f"{kind} beside the document", document_rules.nothing_stands_beside_the_document,
       lambda t, kind=kind: add_beside(t, kind)) for kind in document_rules.BESIDE),
    ("unknown type", integration_rules.integrations_are_complete, lambda t: integration(t, RAW).update(type="htp")),
    ("no method", integration_rules.integrations_are_complete, lambda t: integration(t, RAW).pop("httpMethod")),
    ("no address", integration_rules.integrations_are_complete, lambda t: integration(t, LAMBDA).pop("uri")),
    ("mock without a template", integration_rules.integrations_are_complete,
     lambda t: integration(t, LIST).pop("requestTemplates")),
    ("link without an id", integration_rules.integrations_are_complete,
     lambda t: integration(t, "POST /llama/v1/embeddings").pop("connectionId")),
    ("answer that nobody declares", integration_rules.answers_are_declared,
     lambda t: operation(t, SAGEMAKER)["responses"].pop("502")),
    ("header that nobody declares", integration_rules.answers_are_declared,
     lambda t: operation(t, SAGEMAKER)["responses"]["200"].pop("headers")),
    ("header mapped and not declared", integration_rules.mappings_name_what_is_declared,
     lambda t: operation(t, SAGEMAKER).pop("parameters")),
    ("variable of the URI that nothing fills", integration_rules.mappings_name_what_is_declared,
     lambda t: mappings(t, RAW).pop("integration.request.path.id")),
    ("variable that the URI lacks", integration_rules.mappings_name_what_is_declared,
     lambda t: integration(t, RAW).update(uri="https://summaries.example.com/v1")),
    ("header as SageMaker spells it", integration_rules.mappings_spell_headers_as_they_come,
     lambda t: mappings(t, SAGEMAKER).update(
         {"integration.request.header.X-Amzn-SageMaker-Session-Id": "method.request.header.X-Amzn-SageMaker-Session-Id"}
     )),
    ("key in small letters", integration_rules.mappings_spell_headers_as_they_come,
     lambda t: mappings(t, RAW).update({"integration.request.header.x-api-key": "'replaced'"})),
    ("key forwarded", integration_rules.credentials_end_at_the_gateway,
     lambda t: mappings(t, RAW).pop("integration.request.header.X-Api-Key")),
    ("secret forwarded", integration_rules.credentials_end_at_the_gateway,
     lambda t: mappings(t, RAW).update(
         {"integration.request.header.X-Origin-Verify": "method.request.header.X-Origin-Verify"}
     )),
    ("everything forwarded", integration_rules.credentials_end_at_the_gateway,
     lambda t: integration(t, RAW).pop("requestParameters")),
    ("credential in clear", integration_rules.secrets_of_backends_are_references,
     lambda t: mappings(t, RAW).update({"integration.request.header.Ocp-Apim-Subscription-Key": "'sesame'"})),
    ("credential beside a reference", integration_rules.secrets_of_backends_are_references,
     lambda t: mappings(t, RAW).update(
         {"integration.request.header.Api-Key": "'{{resolve:secretsmanager:a:SecretString:::}}sesame'"}
     )),
    ("credential that nobody can read", integration_rules.secrets_of_backends_are_references,
     lambda t: mappings(t, RAW).update({"integration.request.header.Api-Key": {"Ref": "Parameter"}})),
    ("credential as a query", integration_rules.secrets_of_backends_are_references,
     lambda t: mappings(t, RAW).update({"integration.request.querystring.code": "'sesame'"})),
    ("credential in the query of the URI", integration_rules.secrets_of_backends_are_references,
     lambda t: integration(t, RAW).update(uri="https://summaries.example.com/v1/{id}?sig=sesame")),
    ("user name in the URI", integration_rules.secrets_of_backends_are_references,
     lambda t: integration(t, RAW).update(uri="https://user:sesame@summaries.example.com/v1/{id}")),
    ("no timeout", integration_rules.integrations_time_out, lambda t: integration(t, RAW).pop("timeoutInMillis")),
    ("timeout too short", integration_rules.integrations_time_out,
     lambda t: integration(t, RAW).update(timeoutInMillis=49)),
    ("timeout too long", integration_rules.integrations_time_out,
     lambda t: integration(t, RAW).update(timeoutInMillis=900_001)),
    ("stream of SageMaker", integration_rules.integrations_time_out,
     lambda t: integration(t, SAGEMAKER).update(responseTransferMode="STREAM")),
    ("mock that stays binary", integration_rules.templates_get_text,
     lambda t: integration(t, LIST).pop("contentHandling")),
    ("answer of a mock that stays binary", integration_rules.templates_get_text,
     lambda t: integration(t, LIST)["responses"]["default"].pop("contentHandling")),
    ("template of an error that stays binary", integration_rules.templates_get_text,
     lambda t: integration(t, SAGEMAKER)["responses"]["424"].pop("contentHandling")),
    ("service without a role", integration_rules.integrations_may_call,
     lambda t: integration(t, SAGEMAKER).pop("credentials")),
    ("function without a permission", integration_rules.integrations_may_call,
     lambda t: t["Resources"].pop(next(iter(resources(t, "AWS::Lambda::Permission"))))),
    ("permission for another API", integration_rules.integrations_may_call,
     lambda t: permission(t).update(SourceArn="arn:aws:execute-api:us-east-1:123456789012:other/*")),
    ("permission of another function", integration_rules.integrations_may_call,
     lambda t: permission(t).update(FunctionName="other")),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "break_it"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_rule_refuses_the_broken_variant(rule: HouseRule, break_it: Callable[[Json], object], api: Json) -> None:
    assert broken_rules(api) == {}
    broken = copy.deepcopy(api)
    break_it(broken)
    assert broken != api
    found = broken_rules(broken)
    assert rule.id in found
    assert "sesame" not in str(found)


def test_each_rule_has_a_broken_variant() -> None:
    assert {rule.id for _, rule, _ in BROKEN} == {rule.id for rule in (*DOCUMENT_RULES, *INTEGRATION_RULES)}


def test_a_finding_names_the_operation_and_what_is_wrong(api: Json) -> None:
    broken = copy.deepcopy(api)
    operation(broken, RAW).update(security=[{}])
    (found,) = broken_rules(broken)["MlGateway::OperationsRequireKeys"]
    assert found.endswith("Properties.Body.paths./documents/{id}/summary.get.security.0 lets in who has no key")


def test_nobody_else_sees_an_open_operation(api: Json, tmp_path: Path) -> None:
    """When cfn-lint does, this rule has a companion."""
    broken = copy.deepcopy(api)
    for each in operations_of(broken).values():
        each.pop("security")
    assert lint(tmp_path, [broken]) == []
    assert json.dumps(broken) != json.dumps(api)
