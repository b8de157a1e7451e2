"""What serves each version, beside other models and within the quotas: what is taken."""

from pathlib import Path
from typing import Any

import pytest

from tests.files import BACKENDS, report_on_data
from tests.rules.broken import V1, V2, versioned

ENDPOINT = {"backends.b": BACKENDS["sagemaker"]}
OPENAI = {"url": "https://llm.example.com/v1"}
SERVER = {"url": "https://model.example.com"}
PATIENT = {"service_quotas.integration_timeout": "40s", "edge.response_timeout": "40s"}
WATCHED = {"alerts": {"email": "ops@acme.com", "latency_p95": "10s"}}


def versions(v1: Any = V1, v2: Any = V2) -> dict[str, Any]:
    return {"v1": v1, "v2": v2}


@pytest.mark.parametrize(
    ("changes", "settings"),
    [
        *(
            ({}, {"versions": versions(OPENAI, OPENAI), **model})
            for model in ({"protocol": "openai"}, {"methods": ["GET"]}, {"stream": True}, {"backend_method": "PUT"})
        ),
        (ENDPOINT, {"versions": versions(v2={"backend": "b"})}),
        (
            ENDPOINT,
            {"versions": versions({"backend": "b"}, {"backend": "b", "target_variant": "c"}), "protocol": "sagemaker"},
        ),
        *(
            ({}, {"versions": versions(SERVER, {**SERVER, "served_as": "fraud_2"}), "protocol": protocol})
            for protocol in ("oip-v2", "tfserving", "torchserve")
        ),
        (PATIENT, {"versions": versions({**V1, "timeout": "5s"}, {**V2, "timeout": "40s"})}),
        (WATCHED, {"versions": versions({**V1, "timeout": "5s"}, {**V2, "timeout": "20s"})}),
    ],
)
def test_versions_that_can_be_are_taken(tmp_path: Path, changes: dict[str, Any], settings: dict[str, Any]) -> None:
    assert report_on_data(versioned(changes, **settings), tmp_path) == []
