"""What the edge asks for each time: the routes of each protocol that tell of models and of readiness."""

import pytest

from ml_gateway.serving import PROTOCOLS, ProtocolName, takes
from tests.serving.test_protocols import serving


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_what_is_never_kept_is_what_its_patterns_take(protocol: ProtocolName) -> None:
    patterns = PROTOCOLS[protocol].never_kept
    for route in serving(protocol).routes:
        assert any(takes(pattern, route.path) for pattern in patterns) == route.never_kept


NEVER_KEPT = {
    "openai": {"/v1/models", "/v1/models/{id+}"},
    "oip-v2": {
        "/v2/health/live", "/v2/health/ready", "/v2/models/{m}/ready", "/v2/models/{m}/versions/{v}/ready",
    },
    "tfserving": {
        "/v1/models/{m}", "/v1/models/{m}/versions/{v}", "/v1/models/{m}/metadata",
        "/v1/models/{m}/versions/{v}/metadata",
    },
    "torchserve": {"/ping"},
}  # fmt: skip


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_readiness_and_status_are_never_kept(protocol: ProtocolName) -> None:
    """Row 17: for an hour a model would be ready that is not."""
    found = {route.path for route in serving(protocol).routes if route.never_kept and route.http_method == "GET"}
    assert found == {f"/ml/fraud{path.replace('{m}', 'fraud')}" for path in NEVER_KEPT.get(protocol, ())}
    for path in found:
        assert any(takes(pattern, f"{path}/") for pattern in PROTOCOLS[protocol].never_kept), "API Gateway answers both"
