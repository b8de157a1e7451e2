"""Plans of one client's own: the settings and the rules of those that have names."""

from pathlib import Path
from typing import Any

import pytest

from ml_gateway.config import ClientConfig, PlanConfig, RequestRate
from tests.files import MISSING, changed, gateway, report_on_data

URL = "https://model.example.com/invocations"
OWN = {"rate": "5/s", "burst": 10}


@pytest.mark.parametrize(
    "changes",
    [
        {"clients.mobile.plan": OWN},
        {"clients.mobile.plan": {**OWN, "quota": "1000/day", "limits": {"predict": "1/s"}}},
        {"clients.default": {"plan": OWN}},
    ],
    ids=["small", "with all settings", "of a client called as a plan"],
)
def test_a_plan_of_a_client_has_the_settings_of_one_with_a_name(tmp_path: Path, changes: dict[str, Any]) -> None:
    assert report_on_data(gateway(changes), tmp_path) == []


def test_clients_with_plans_of_their_own_need_no_others(tmp_path: Path) -> None:
    clients = {"plans": MISSING, "clients": {"a": {"plan": OWN}, "b": {"plan": {"rate": "9/s", "burst": 9}}}}
    assert report_on_data(changed(clients), tmp_path) == []


def test_a_plan_of_a_client_takes_as_many_method_throttles(tmp_path: Path) -> None:
    models = {f"m{number}": {"url": URL, "protocol": "openai"} for number in range(3)}
    own = {**OWN, "limits": dict.fromkeys(models, "1/s")}
    (line,) = report_on_data(gateway({"models": models, "clients.mobile.plan": own}), tmp_path)
    assert line.startswith("clients.mobile.plan.limits: these models have 27 methods")


def test_a_plan_of_a_client_is_read_again_from_its_dump() -> None:
    client = ClientConfig(plan=PlanConfig(rate=RequestRate(5), burst=10, limits={"llama": "1/s"}))
    assert ClientConfig.model_validate(client.model_dump()) == client
    assert ClientConfig.model_validate_json(client.model_dump_json()) == client
