"""Clients, their plans and their keys: what is taken, and what it means."""

from pathlib import Path

from ml_gateway.config import ClientConfig, GatewayConfig, LimitConfig, PlanConfig, RequestRate
from ml_gateway.design import ClientDesign
from ml_gateway.reading import load_config
from tests.files import TOP, changed, gateway, report_on_data


def test_a_limit_has_a_short_form() -> None:
    short = PlanConfig(rate="5/s", burst=10, limits={"llama": "1.5/s"})
    assert short == PlanConfig(rate="5/s", burst=10, limits={"llama": {"rate": "1.5/s"}})
    assert short == PlanConfig(rate="5/s", burst=10, limits={"llama": RequestRate(1.5)})
    assert short == PlanConfig(rate="5/s", burst=10, limits={"llama": LimitConfig(rate="1.5/s")})


def test_a_limit_may_be_as_high_as_its_plan(tmp_path: Path) -> None:
    limit = {"rate": "2/s", "burst": 10}
    assert report_on_data(changed({"plans.default.limits": {"predict": limit}}), tmp_path) == []


def test_a_client_has_one_key_unless_told_otherwise() -> None:
    said = {"keys": ("a", "b"), "jwt": {"corp": ("batch-prod",)}}

    def keys(*names: str) -> tuple[str, ...]:
        client = ClientConfig.model_validate({"plan": "free", **{name: said[name] for name in names}})
        return ClientDesign.of(client).keys

    assert (keys(), keys("keys"), keys("jwt"), keys("keys", "jwt")) == (("default",), ("a", "b"), (), ("a", "b"))


def test_what_is_dumped_of_clients_can_be_validated_again() -> None:
    config = load_config(TOP / "examples" / "multi_tenant.yaml")
    assert GatewayConfig.model_validate(config.model_dump()) == config
    assert GatewayConfig.model_validate_json(config.model_dump_json()) == config


def test_a_plan_may_be_prepared_before_a_client_has_it(tmp_path: Path) -> None:
    assert report_on_data(gateway({"plans.gold": {"rate": "1/s", "burst": 1}}), tmp_path) == []


def test_names_may_differ_in_hyphens_alone(tmp_path: Path) -> None:
    clients = {"clients.mo-bile": {"plan": "default", "keys": ["a-1", "a1"]}}
    models = {"models.pre-dict": {"url": "https://model.example.com"}}
    assert report_on_data(gateway({**clients, **models}), tmp_path) == []
