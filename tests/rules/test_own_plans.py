"""Plans of one client's own: the settings and the rules of those that have names."""

from pathlib import Path
from typing import Any

import pytest

from ml_gateway.config import ClientConfig, PlanConfig, RequestRate
from tests.files import MISSING, changed, gateway, report_on_data

URL = "https://model.example.com/invocations"
OWN = {"rate": "5/s", "burst": 10}
OTHER_LIMITS = {"plans.default": {"rate": "2", "burst": 10, "limits": {"predict": "1/s"}}}


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({"clients.mobile.plan": OWN}, []),
        ({"clients.mobile.plan": {**OWN, "quota": "1000/day", "limits": {"predict": "1/s"}}}, []),
        ({"clients.default": {"plan": OWN}}, []),
        ({"clients.mobile.plan": []}, [": a list is not a map; write plan: free"]),
        ({"clients.mobile.plan": {"rate": "5/s"}}, [".burst: missing; write burst: 10"]),
        ({"clients.mobile.plan": {**OWN, "rps": 5}}, [".rps: unknown key; write rate: 2/s"]),
        (
            {"clients.mobile.plan": {**OWN, "offset": 1}},
            [".offset: an offset of 1 needs a quota to be taken off; add a quota or leave the line out"],
        ),
        (
            {"clients.mobile.plan": {**OWN, "limits": {"predct": "1/s"}}},
            [".limits.predct: 'predct' is not a model; did you mean 'predict'?"],
        ),
        (
            {"clients.mobile.plan": {**OWN, "limits": {"predict": {"rate": "6/s", "burst": 11}}}},
            [
                ".limits.predict: 6/s has no effect above the plan's own 5/s; write at most that",
                ".limits.predict.burst: 11 has no effect above the plan's own 10; write at most that",
            ],
        ),
    ],
)
def test_a_plan_of_a_client_has_the_settings_and_the_rules_of_one_with_a_name(
    tmp_path: Path, changes: dict[str, Any], lines: list[str]
) -> None:
    assert report_on_data(gateway(changes), tmp_path) == [f"clients.mobile.plan{line}" for line in lines]


@pytest.mark.parametrize("limits", [None, {"predict": "6/s"}])
def test_what_is_wrong_in_one_plan_hides_nothing_of_another(tmp_path: Path, limits: dict[str, str] | None) -> None:
    """A rate that is refused, of a plan with a name; and one that has no effect, in a client's own."""
    settings = gateway({**OTHER_LIMITS, "clients.mobile.plan": {**OWN, **({"limits": limits} if limits else {})}})
    told = [line.partition(": ")[0] for line in report_on_data(settings, tmp_path)]
    assert told == ["plans.default.rate", *(["clients.mobile.plan.limits.predict"] if limits else [])]


def test_clients_with_plans_of_their_own_need_no_others(tmp_path: Path) -> None:
    clients = {"plans": MISSING, "clients": {"a": {"plan": OWN}, "b": {"plan": {"rate": "9/s", "burst": 9}}}}
    assert report_on_data(changed(clients), tmp_path) == []
    assert report_on_data(changed({**clients, "clients.c": {"plan": "free"}}), tmp_path) == [
        "clients.c.plan: 'free' is not a plan; write plan: {rate: 2/s, burst: 10}"
    ]


def test_a_plan_of_a_client_takes_as_many_method_throttles(tmp_path: Path) -> None:
    models = {f"m{number}": {"url": URL, "protocol": "openai"} for number in range(3)}
    own = {**OWN, "limits": dict.fromkeys(models, "1/s")}
    (line,) = report_on_data(gateway({"models": models, "clients.mobile.plan": own}), tmp_path)
    assert line.startswith("clients.mobile.plan.limits: these models have 27 methods")


def test_a_plan_of_a_client_is_read_again_from_its_dump() -> None:
    client = ClientConfig(plan=PlanConfig(rate=RequestRate(5), burst=10, limits={"llama": "1/s"}))
    assert ClientConfig.model_validate(client.model_dump()) == client
    assert ClientConfig.model_validate_json(client.model_dump_json()) == client
