"""Settings of backends that look wrong, and are right."""

from pathlib import Path
from typing import Any

import pytest

from tests.files import LOAD_BALANCER, MISSING, behind, changed, report_on_data

HTTP = "https://model.example.com"
ARN = "arn:aws:lambda:us-east-1:123456789012:function:fraud"
SUBNETS = ["subnet-0123456789abcdef0"]
GROUPS = ["sg-0123456789abcdef0"]


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("http", {"url": "http://a.b/", "insecure": True}),
        ("http", {"url": f"{HTTP}/v1?a=b"}),
        ("sagemaker", {"endpoint": "A-1--b", "inference_component": "c", "target_variant": "V1"}),
        ("sagemaker", {"target_model": "a/b.tar.gz"}),
        ("lambda", {"function": "fraud_1-a:live"}),
        ("lambda", {"function": "fraud:12"}),
        ("lambda", {"function": f"{ARN}:live"}),
        ("load_balancer", {"load_balancer": LOAD_BALANCER}),
        ("load_balancer", {"load_balancer": LOAD_BALANCER, "listener": MISSING}),
        ("load_balancer", {"subnets": MISSING, "vpc_link": "a1b2c3"}),
        ("load_balancer", {"security_groups": GROUPS, "subnets": [*SUBNETS, "subnet-01234567"]}),
        ("load_balancer", {"host": "a.b-c.d1", "port": 65535, "tls": True}),
        ("load_balancer", {"host": "llm", "port": 1}),
    ],
)  # fmt: skip
def test_what_is_right_is_taken(tmp_path: Path, kind: str, settings: dict[str, Any]) -> None:
    assert report_on_data(behind(kind, **settings), tmp_path) == []


def test_backends_may_be_said_to_be_none(tmp_path: Path) -> None:
    assert report_on_data(changed({"backends": {}}), tmp_path) == []
