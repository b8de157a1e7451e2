"""Who may call follows from the lock: the distribution in front of it cannot be told otherwise by leaving it out."""

from dataclasses import fields, replace
from itertools import chain, combinations
from typing import Any

import pytest

from ml_gateway import EdgeDesign, GatewayDistribution, GatewayOrigin, HeaderLock, Keyed, Open
from ml_gateway.constructs import ApiKeyLock
from ml_gateway.credentials import KEY_FORMS
from ml_gateway.policy.client_rules import CLIENT_RULES
from tests.constructs.distributions import CORS, HOUR, MINUTE
from tests.constructs.multi_tenant import define_api, define_clients, define_header_lock
from tests.policy.reading import broken_rules
from tests.synthesis import Json, bare_stack, template_of

EDGES = {
    "nothing said": EdgeDesign(),
    "a cache": EdgeDesign(cache=HOUR),
    "caches of models": EdgeDesign(model_caches={"/score": MINUTE, "/health": HOUR}),
    "pages": EdgeDesign(cache=HOUR, cors=CORS, health="/up"),
}
FORMS = [
    ("x-api-key", *others)
    for others in chain.from_iterable(combinations(list(KEY_FORMS)[1:], count) for count in range(len(KEY_FORMS)))
]
PROTECTED_BY_CALLERS = {
    "MlGateway::KeysTravelOverHttpsAlone",
    "MlGateway::KeysAreTakenAtViewerRequest",
    "MlGateway::ClientsHaveAnswersOfTheirOwn",
}


def behind_a_header_lock(edge: EdgeDesign, *, lie: bool = False, **lock_settings: Any) -> Json:
    """A gateway with clients in one stack; with a `lie` its origin claims that everybody may call."""
    stack = bare_stack()
    api = define_api(stack)
    define_clients(stack, api)
    lock = define_header_lock(stack, api, **lock_settings)
    origin = api.origin(lock)
    GatewayDistribution(stack, "Edge", origin=replace(origin, callers=Open()) if lie else origin, edge=edge)
    return template_of(stack)


def broken(template: Json) -> set[str]:
    return set(broken_rules(template, CLIENT_RULES))


@pytest.mark.parametrize("edge", EDGES.values(), ids=EDGES.keys())
def test_behind_a_header_lock_every_rule_for_clients_holds_whatever_the_edge_does(edge: EdgeDesign) -> None:
    assert broken(behind_a_header_lock(edge)) == set()


@pytest.mark.parametrize("key_forms", FORMS, ids=" ".join)
def test_behind_a_header_lock_every_rule_for_clients_holds_in_every_form(key_forms: Any) -> None:
    assert broken(behind_a_header_lock(EdgeDesign(cache=HOUR), callers=Keyed(key_forms))) == set()


def test_all_forms_were_tried() -> None:
    assert len(FORMS) == len(set(FORMS)) == 8


def test_an_origin_has_to_say_who_may_call() -> None:
    anything: Any = GatewayOrigin
    with pytest.raises(TypeError, match="callers"):
        anything(domain_name="api.example.com", origin_path="/v1", headers={})


def test_no_setting_of_the_edge_says_who_may_call() -> None:
    assert not {"callers", "accept_keys", "key_forms", "clients"} & {field.name for field in fields(EdgeDesign)}


def test_the_locks_say_who_may_call_behind_them() -> None:
    assert (ApiKeyLock.__annotations__["callers"], HeaderLock.__annotations__["callers"]) == (Open, Keyed)


def test_forms_without_the_one_that_api_gateway_reads_are_refused() -> None:
    with pytest.raises(ValueError, match=r"Keyed\.key_forms: x-api-key is accepted in any case"):
        Keyed(("bearer",))


def test_who_lies_on_purpose_breaks_the_rules() -> None:
    assert broken(behind_a_header_lock(EdgeDesign(cache=HOUR), lie=True)) == PROTECTED_BY_CALLERS
