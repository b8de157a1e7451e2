"""The values of an edge: what is off, what follows from models and clients, and what fits into its function."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from ml_gateway.config import CorsConfig, DomainConfig, EdgeConfig, GatewayConfig
from ml_gateway.design import GatewayDesign
from tests.files import CLIENTS, changed, gateway

ZONE = "Z0123456789ABCDEFGHIJ"


def test_an_edge_has_everything_off_unless_told_otherwise() -> None:
    assert EdgeConfig() == EdgeConfig(
        firewall=None,
        domain=None,
        cache=None,
        error_caching=timedelta(0),
        response_timeout=None,
        accept_keys=None,
        security_headers=False,
        cors=None,
        health=None,
        access_log=False,
        countries=None,
        price_class="PriceClass_All",
    )


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (EdgeConfig(), "health"),
        (DomainConfig(name="ml.acme.com", hosted_zone=ZONE), "name"),
        (CorsConfig(origins=("*",)), "origins"),
    ],
)
def test_a_value_cannot_be_changed(value: Any, field: str) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        setattr(value, field, None)


@pytest.mark.parametrize(
    ("changes", "timeout"),
    [({}, 30), (CLIENTS, 30), ({"edge.response_timeout": "45s"}, 45), ({"models.predict.stream": True}, 120)],
)
def test_the_edge_has_what_follows_from_the_models(changes: dict[str, Any], timeout: int) -> None:
    design = GatewayDesign.of(GatewayConfig(**changed({"edge.health": "/health", **changes})))
    assert design.edge.response_timeout == timedelta(seconds=timeout)
    assert design.edge.health == "/health"


def test_what_is_dumped_of_an_edge_can_be_validated_again() -> None:
    edge = {
        "firewall": {"rate": "2000/5m", "key_rate": "100/1m", "addresses": {"deny": ["203.0.113.7"]}},
        "domain": {"name": "ml.acme.com", "hosted_zone": ZONE},
        "cache": "60s",
        "error_caching": "1s",
        "cors": {"origins": ["https://app.acme.com"], "headers": ["X-Trace-Id"]},
        "health": "/health",
        "countries": {"deny": ["AQ"]},
    }
    alerts = {"email": "ops@acme.com", "errors": "0.5%", "latency_p95": "2s"}
    config = GatewayConfig(**gateway({"edge": edge, "alerts": alerts}))
    assert GatewayConfig.model_validate(config.model_dump()) == config
    assert GatewayConfig.model_validate_json(config.model_dump_json()) == config
