"""What was broken on purpose in an API with an authorizer is refused: no other check reads it."""

import copy
from collections.abc import Callable

import pytest

from ml_gateway.policy import HouseRule, identity_rules
from ml_gateway.policy.identity_rules import AUTHORIZER, IDENTITY_RULES, KEY_SOURCE
from tests.documents import document_of, integrations_of, operations_of
from tests.policy.reading import broken_rules
from tests.synthesis import Json, Templates, resources

ASKED = "POST /predict"
CLIENT = "integration.request.header.X-Client-Id"


@pytest.fixture(scope="module")
def api(identities_templates: Templates) -> Json:
    return identities_templates["api"]


def scheme(template: Json) -> Json:
    found: Json = document_of(template)["components"]["securitySchemes"]["authorizer"]
    return found


def asked(template: Json) -> Json:
    found: Json = scheme(template)[AUTHORIZER]
    return found


def security(template: Json) -> list[Json]:
    found: list[Json] = operations_of(template)[ASKED]["security"]
    return found


def mappings(template: Json) -> Json:
    found: Json = integrations_of(template)[ASKED]["requestParameters"]
    return found


def permission(template: Json) -> Json:
    (found,) = resources(template, "AWS::Lambda::Permission").values()
    return found


def set_key_source(template: Json, source: str) -> None:
    (api,) = resources(template, "AWS::ApiGateway::RestApi").values()
    api["ApiKeySourceType"] = api["Body"][KEY_SOURCE] = source


BROKEN: list[tuple[str, HouseRule, Callable[[Json], object]]] = [
    ("operation that asks for a key alone", identity_rules.operations_ask_the_authorizer,
     lambda t: security(t)[0].pop("authorizer")),
    ("operation with a second way in", identity_rules.operations_ask_the_authorizer,
     lambda t: security(t).append({"api_key": []})),
    ("no authorizer at all", identity_rules.operations_ask_the_authorizer, lambda t: scheme(t).pop(AUTHORIZER)),
    ("keys of the header beside an authorizer", identity_rules.authorizers_name_the_key,
     lambda t: set_key_source(t, "HEADER")),
    ("another header", identity_rules.authorizers_name_the_key,
     lambda t: asked(t).update(identitySource="method.request.header.Authorization")),
    ("no header", identity_rules.authorizers_name_the_key, lambda t: asked(t).pop("identitySource")),
    ("two sources", identity_rules.authorizers_name_the_key,
     lambda t: asked(t).update(identitySource=f"{asked(t)['identitySource']}, context.path")),
    ("a token authorizer", identity_rules.authorizers_name_the_key, lambda t: asked(t).update(type="token")),
    ("a signature in its place", identity_rules.authorizers_name_the_key,
     lambda t: scheme(t).update({"x-amazon-apigateway-authtype": "awsSigv4"})),
    ("kept for a day", identity_rules.authorizers_name_the_key,
     lambda t: asked(t).update(authorizerResultTtlInSeconds=86400)),
    ("function without a permission", identity_rules.authorizers_may_be_asked,
     lambda t: t["Resources"].pop(next(iter(resources(t, "AWS::Lambda::Permission"))))),
    ("permission of another function", identity_rules.authorizers_may_be_asked,
     lambda t: permission(t).update(FunctionName="other")),
    ("permission for another API", identity_rules.authorizers_may_be_asked,
     lambda t: permission(t).update(SourceArn="arn:aws:execute-api:us-east-1:123456789012:other/authorizers/*")),
    ("a caller that names itself", identity_rules.backends_are_told_the_client, lambda t: mappings(t).pop(CLIENT)),
    ("a name that the caller sends", identity_rules.backends_are_told_the_client,
     lambda t: mappings(t).update({CLIENT: "method.request.header.X-Client-Id"})),
    ("one name for all", identity_rules.backends_are_told_the_client, lambda t: mappings(t).update({CLIENT: "'me'"})),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "break_it"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_rule_refuses_the_broken_variant(rule: HouseRule, break_it: Callable[[Json], object], api: Json) -> None:
    assert broken_rules(api) == {}
    broken = copy.deepcopy(api)
    break_it(broken)
    assert broken != api
    assert rule.id in broken_rules(broken)


def test_each_rule_has_a_broken_variant() -> None:
    assert {rule.id for _, rule, _ in BROKEN} == {rule.id for rule in IDENTITY_RULES}


def test_an_api_without_an_authorizer_is_none_of_theirs(multi_tenant_templates: Templates) -> None:
    assert broken_rules(multi_tenant_templates["api"], IDENTITY_RULES) == {}
