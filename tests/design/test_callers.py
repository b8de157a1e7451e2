"""Who may call, and what each plan lets through."""

from typing import Any, get_args

import pytest

from ml_gateway.config import GatewayConfig, LimitConfig
from ml_gateway.credentials import KEY_FORMS, KeyForm
from ml_gateway.design import Callers, GatewayDesign, Keyed, MethodLimit, Open
from ml_gateway.reading import load_config
from tests.files import CLIENTS, TOP, changed


@pytest.mark.parametrize(
    ("limit", "burst"),
    [
        ("1/s", 1),
        ("0.01/s", 1),
        ("1.01/s", 2),
        ("20/s", 20),
        ({"rate": "1/s", "burst": 3}, 3),
        (f"{10**30}/s", 2**31 - 1),
    ],
)
def test_the_burst_of_a_limit_is_that_of_one_second_unless_given(limit: Any, burst: int) -> None:
    assert MethodLimit.of(LimitConfig.model_validate(limit)).burst == burst


@pytest.mark.parametrize(
    ("changes", "callers"),
    [
        ({}, Open()),
        (CLIENTS, Keyed(("x-api-key", "bearer"))),
        ({**CLIENTS, "edge.accept_keys": ["api-key", "x-api-key"]}, Keyed(("api-key", "x-api-key"))),
    ],
)
def test_who_may_call_has_keys_in_the_forms_that_are_listed(changes: dict[str, Any], callers: Callers) -> None:
    assert GatewayDesign.of(GatewayConfig(**changed(changes))).callers == callers


def test_the_file_knows_the_forms_that_the_edge_knows() -> None:
    assert get_args(KeyForm) == tuple(KEY_FORMS)


def test_the_example_shows_clients_with_limits_of_their_own() -> None:
    config = load_config(TOP / "examples" / "multi_tenant.yaml")
    assert {name: (client.plan, client.keys) for name, client in GatewayDesign.of(config).clients.items()} == {
        "mobile-app": ("free", ("default",)),
        "partner-x": ("gold", ("a", "b")),
        "batch-jobs": (config.every_plan["clients", "batch-jobs", "plan"], ("default",)),
    }
    design = GatewayDesign.of(config)
    assert {name: {limit.burst for limit in plan.limits.values()} for name, plan in design.plans.items()} == {
        "free": {1},
        "gold": {40},
    }
    assert {name: plan.plan.burst for name, plan in design.own_plans.items()} == {"batch-jobs": 4}
    assert design.callers == Keyed(("x-api-key", "bearer", "api-key"))
    assert config.errors == "openai"
