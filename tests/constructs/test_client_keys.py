"""Clients and their keys: each generated, joined one after another, and gone without a trace in the others."""

from collections.abc import Mapping

import pytest
from aws_cdk import App

from ml_gateway import GatewayUsagePlan
from ml_gateway.constructs import ClientKeys, ClientSecrets, GatewayClient, HeaderLock, OriginSecrets
from ml_gateway.credentials import CLIENT_KEY_LENGTH
from tests.constructs.multi_tenant import CLIENTS, PLAN, define_api, with_clients
from tests.synthesis import Json, bare_stack, resources, template_of

KINDS = ("AWS::SecretsManager::Secret", "AWS::ApiGateway::ApiKey", "AWS::ApiGateway::UsagePlanKey")


@pytest.fixture(scope="module")
def template() -> Json:
    return {"Resources": with_clients(CLIENTS)}


def key_of(found: Json, name: str) -> set[str]:
    """The logical ids of what belongs to the key `<client>/<key>`."""
    secret_name = f"fraud/clients/{name}"
    ids = {
        logical_id
        for logical_id, resource in found.items()
        if resource["Type"] in KINDS[:2]
        and (
            resource["Properties"].get("Name") == secret_name
            or f":{secret_name}:" in resource["Properties"].get("Value", "")
        )
    }
    return ids | {
        logical_id
        for logical_id, resource in found.items()
        if resource["Type"] == KINDS[2] and resource["Properties"]["KeyId"]["Ref"] in ids
    }


def joins(found: Json) -> list[str]:
    """The logical ids of what joins keys to plans, in the order in which they wait for each other."""
    waits = {
        logical_id: resource.get("DependsOn", [])
        for logical_id, resource in found.items()
        if resource["Type"] == KINDS[2]
    }
    ordered = [logical_id for logical_id, before in waits.items() if not before]
    while following := [logical_id for logical_id, before in waits.items() if before == ordered[-1:]]:
        ordered += following
    return ordered


def test_each_key_has_a_secret_an_api_key_and_a_place_in_its_plan(template: Json) -> None:
    for name in ("mobile-app/default", "partner-x/a", "partner-x/b", "shop/default"):
        kinds = sorted(template["Resources"][one]["Type"] for one in key_of(template["Resources"], name))
        assert kinds == sorted(KINDS)
    assert [len(resources(template, kind)) for kind in KINDS] == [4, 4, 4]


def test_the_settings_of_the_generator_are_frozen(template: Json) -> None:
    frozen = {
        "ExcludePunctuation": True,
        "ExcludeCharacters": "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
        "PasswordLength": 48,
    }
    settings = [secret["GenerateSecretString"] for secret in resources(template, KINDS[0]).values()]
    assert settings == [frozen] * 4
    assert frozen["PasswordLength"] == CLIENT_KEY_LENGTH


def test_each_api_key_waits_for_its_secret_and_is_named_by_cloudformation(template: Json) -> None:
    keys = resources(template, KINDS[1])
    assert keys
    for logical_id, key in keys.items():
        (secret,) = template["Resources"][logical_id]["DependsOn"]
        assert (
            key["Value"]
            == f"{{{{resolve:secretsmanager:{resources(template, KINDS[0])[secret]['Name']}:SecretString:::}}}}"
        )
        assert "Name" not in key
        assert key["Enabled"] is True


def test_keys_join_their_plans_one_after_another_by_name(template: Json) -> None:
    assert joins(template["Resources"]) == [
        "ClientsmobileappdefaultUsagePlanKey10912173",
        "ClientspartnerxaUsagePlanKeyC8034BD7",
        "ClientspartnerxbUsagePlanKey24B0BAE3",
        "ClientsshopdefaultUsagePlanKey041F9FCF",
    ]


def test_the_order_of_the_file_does_not_matter(template: Json) -> None:
    other_way = {name: tuple(reversed(keys)) for name, keys in reversed(list(CLIENTS.items()))}
    assert with_clients(other_way) == template["Resources"]


def changes(before: Mapping[str, Json], after: Mapping[str, Json]) -> set[str]:
    """What is in both and differs; in nothing but DependsOn, or nothing would be kept."""
    changed = {name for name in before.keys() & after.keys() if before[name] != after[name]}
    for name in changed:
        assert {**before[name], "DependsOn": None} == {**after[name], "DependsOn": None}
    return changed


@pytest.mark.parametrize("client", CLIENTS)
def test_without_a_client_its_keys_go_and_nothing_else_is_replaced(client: str, template: Json) -> None:
    before = template["Resources"]
    after = with_clients({name: keys for name, keys in CLIENTS.items() if name != client})
    gone = set().union(*(key_of(before, f"{client}/{key}") for key in CLIENTS[client]))
    assert len(gone) == 3 * len(CLIENTS[client])
    assert before.keys() - after.keys() == gone
    assert after.keys() - before.keys() == set()
    order = joins(before)
    next_one = order[max(order.index(name) for name in gone if name in order) + 1 :][:1]
    assert changes(before, after) == set(next_one)
    assert len(joins(after)) == len(order) - len(CLIENTS[client])


@pytest.mark.parametrize("clients", [{**CLIENTS, "partner-x": ("a",)}, {**CLIENTS, "partner-x": ("b",)}])
def test_one_of_two_keys_goes_without_the_other(clients: Mapping[str, tuple[str, ...]], template: Json) -> None:
    before, after = template["Resources"], with_clients(clients)
    (kept,) = clients["partner-x"]
    assert before.keys() - after.keys() == key_of(before, f"partner-x/{'b' if kept == 'a' else 'a'}")
    assert len(changes(before, after)) == 1


def test_a_client_without_secrets_and_one_without_a_plan_are_refused() -> None:
    stack = bare_stack()
    secrets = ClientSecrets(stack, "ClientSecrets", gateway_name="fraud", clients={"shop": ("default",)})
    plan = GatewayUsagePlan(stack, "UsagePlan", stage=define_api(stack).stage, plan=PLAN).usage_plan
    with pytest.raises(ValueError, match="clients bank, shop are not in both secrets and clients; name them in both"):
        ClientKeys(stack, "Clients", secrets=secrets, clients={"bank": GatewayClient(usage_plan=plan)})


def test_logical_ids_are_frozen(template: Json) -> None:
    """An API key under another one would be a second key of the same value, which API Gateway answers by 409, and a
    secret under another one a second secret of the same name."""
    assert next(iter(resources(template, KINDS[0]))) == "ClientSecretsmobileappdefaultSecret7D735FF9"
    assert list(resources(template, KINDS[1])) == [
        "ClientsmobileappdefaultApiKey15ECDBE2",
        "ClientspartnerxaApiKey60968FEB",
        "ClientspartnerxbApiKey2D49E0B3",
        "ClientsshopdefaultApiKeyEE607365",
    ]


def test_of_secrets_in_another_stack_the_keys_come_second_and_each_region_reads_its_own() -> None:
    app = App(builtin_cloud_formation_validation=False)
    keys, regional = bare_stack("keys", app=app), bare_stack("regional", region="eu-west-1", app=app)
    secrets = ClientSecrets(
        keys, "Clients", gateway_name="fraud", clients={"shop": ("a",)}, replica_regions=["eu-west-1"]
    )
    api = define_api(regional)
    plan = GatewayUsagePlan(regional, "UsagePlan", stage=api.stage, plan=PLAN)
    ClientKeys(regional, "Clients", secrets=secrets, clients={"shop": GatewayClient(usage_plan=plan.usage_plan)})
    origin_secrets = OriginSecrets(keys, "Origin", gateway_name="fraud", replica_regions=["eu-west-1"])
    HeaderLock(regional, "Lock", secrets=origin_secrets, stage=api.stage)
    assembly = app.synth()
    assert [stack.node.id for stack in regional.dependencies] == ["keys"]
    template = assembly.get_stack_by_name("regional").template
    (key,) = resources(template, KINDS[1]).values()
    assert key["Value"] == "{{resolve:secretsmanager:fraud/clients/shop/a:SecretString:::}}"
    assert "Fn::GetStackOutput" not in str(template)
    assert "Fn::ImportValue" not in str(template)


def test_without_clients_there_is_nothing() -> None:
    assert not any(resource["Type"] in KINDS for resource in with_clients({}).values())


def test_two_plans_have_their_own_keys() -> None:
    stack = bare_stack()
    api = define_api(stack)
    plans = {name: GatewayUsagePlan(stack, name, stage=api.stage, plan=PLAN).usage_plan for name in ("Free", "Gold")}
    names = {"cheap": ("default",), "dear": ("default",)}
    ClientKeys(
        stack,
        "Clients",
        secrets=ClientSecrets(stack, "ClientSecrets", gateway_name="fraud", clients=names),
        clients={
            "cheap": GatewayClient(usage_plan=plans["Free"], description="the trial"),
            "dear": GatewayClient(usage_plan=plans["Gold"]),
        },
    )
    template = template_of(stack)
    joined = {
        template["Resources"][key["KeyId"]["Ref"]]["Properties"]["Description"]: key["UsagePlanId"]["Ref"]
        for key in resources(template, KINDS[2]).values()
    }
    free, gold = resources(template, "AWS::ApiGateway::UsagePlan")
    assert joined == {"fraud/clients/cheap/default: the trial": free, "fraud/clients/dear/default": gold}


def test_names_that_hyphens_alone_tell_apart_have_keys_of_their_own() -> None:
    """Logical ids have no hyphens, but a hash of the path."""
    found = with_clients({"ab": ("k-1", "k1"), "a-b": ("k1",), "a": ("b-k1",)})
    names = ("ab/k-1", "ab/k1", "a-b/k1", "a/b-k1")
    assert [len(key_of(found, name)) for name in names] == [3] * 4
    assert len(set.union(*(key_of(found, name) for name in names))) == 12
