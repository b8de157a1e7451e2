"""The design as a whole: every default is a value, and what there is not is the only None."""

from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from aws_cdk import App
from pydantic import BaseModel

from ml_gateway import define_gateway, load
from ml_gateway.config import EdgeConfig, GatewayConfig
from ml_gateway.conflicts import ConfigError
from ml_gateway.design import EdgeDesign, FirewallDesign, GatewayDesign, Keyed, Open
from ml_gateway.rules import checked
from tests.files import CLIENTS, SMALL, TOP, changed

ABSENT = {
    "account",  # whatever account the CLI deploys to
    "firewall",
    "alerts",
    "reserved_concurrency",
    "errors",
    "edge.cache",
    "edge.domain",
    "origin",  # no hosted zone, no name
    "regions.us-east-1.alarm_region",  # one region, which nothing drains
    "edge.cors",
    "edge.health",
    "edge.countries",
    "models.predict.cache",
    "models.predict.served.backend_method",  # no other method than the caller's
    "models.predict.split",
    "models.predict.rollback",
    "models.predict.served.served_as_by_server",  # no version
    "models.predict.served.callers_path",
    "plans.default.limits",
}
"""What the smallest gateway does not have."""


def nones(value: Any, place: str = "") -> set[str]:
    """Where a None stands in a design. What the file itself says, in a section of it, is not looked into."""
    if value is None:
        return {place}
    if is_dataclass(value):
        inner = {field.name: getattr(value, field.name) for field in fields(value)}
    elif isinstance(value, dict) or hasattr(value, "items"):
        inner = dict(value)
    else:
        return set()
    return {each for name, item in inner.items() for each in nones(item, f"{place}.{name}".removeprefix("."))}


def test_every_default_is_a_value() -> None:
    found = nones(GatewayDesign.of(GatewayConfig(**SMALL)))
    assert found <= ABSENT
    assert {"firewall", "edge.cache", "account"} <= found


def test_what_the_file_may_leave_unsaid_of_the_edge_has_a_meaning() -> None:
    unsaid = {name for name, field in EdgeConfig.model_fields.items() if field.default is None}
    resolved = {"response_timeout", "accept_keys"}
    absent = {field.name for field in fields(EdgeDesign)} | {"firewall"}
    assert unsaid - resolved <= absent
    assert "accept_keys" not in absent


@pytest.mark.parametrize(("changes", "kind"), [({}, Open), (CLIENTS, Keyed)])
def test_who_may_call_is_one_value(changes: dict[str, Any], kind: type) -> None:
    assert type(GatewayDesign.of(GatewayConfig(**changed(changes))).callers) is kind


def test_every_route_is_computed_once() -> None:
    design = GatewayDesign.of(GatewayConfig(**SMALL))
    assert design.models["predict"].routes is design.models["predict"].routes
    assert design.routes["predict"] is design.models["predict"].routes


@pytest.mark.parametrize(("changes", "keyed"), [({}, False), (CLIENTS, True)])
def test_keys_have_a_rate_where_there_are_keys(changes: dict[str, Any], keyed: bool) -> None:
    firewall = GatewayDesign.of(GatewayConfig(**changed({**changes, "edge.firewall": {"rate": "2000/5m"}}))).firewall
    assert isinstance(firewall, FirewallDesign)
    assert list(firewall.key_rates) == (["x-api-key", "bearer"] if keyed else [])


WRONG = changed(
    {
        "models.other": {"url": "https://a.example.com", "path": "/predict"},
        "models.Bad": {"url": "https://b.example.com"},
    }
)
PROBLEMS = [
    "models.Bad: 'Bad' is not a name; write up to 63 lower-case letters and digits, a letter first, with single "
    "hyphens in between: here bad, and below it path: /Bad where its URL is to have that name; served_as: Bad is for a "
    "protocol whose paths name the model",
    "models.other.path: '/predict' is a path of model 'predict' too; give one of them another path",
]


def test_a_gateway_that_contradicts_itself_is_refused_before_anything_is_defined() -> None:
    app = App()
    with pytest.raises(ConfigError) as refusal:
        define_gateway(app, GatewayConfig(**WRONG))
    assert str(refusal.value).splitlines() == PROBLEMS
    assert app.node.children == []


def test_the_line_is_told_where_it_was_read_from_a_file() -> None:
    file = load(TOP / "gateway.yaml")
    contradiction = file.config.model_copy(
        update={"plans": {**file.config.plans, "other": file.config.plans["default"]}}
    )
    line = (TOP / "gateway.yaml").read_text().splitlines().index("plans:") + 1
    with pytest.raises(ConfigError, match=rf"gateway\.yaml:{line}: plans: 2 plans are given"):
        checked(contradiction, written=file.written)


def test_a_section_of_the_file_is_no_part_of_the_design_that_could_be_misread() -> None:
    sections = {field.name: field.type for field in fields(GatewayDesign)}
    assert not [name for name, kind in sections.items() if isinstance(kind, type) and issubclass(kind, BaseModel)]
    assert not any("EdgeConfig" in str(kind) for kind in sections.values())
