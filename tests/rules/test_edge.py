"""The edge's own settings: its name, countries, errors that are kept, and switches."""

from pathlib import Path
from typing import Any

import pytest

from tests.files import changed, get, report_on_data

LABEL = "a" * 56
CACHE = {"default": "1h", "max": "24h"}
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
ZONE = "Z0123456789ABCDEFGHIJ"


def domain(**settings: Any) -> dict[str, Any]:
    return changed({"edge.domain": {"name": "ml.acme.com", **settings}})


@pytest.mark.parametrize(
    "settings",
    [
        domain(hosted_zone=ZONE),
        domain(certificate=CERTIFICATE),
        domain(name="a-b.xn--bcher-kva.example", certificate=CERTIFICATE, hosted_zone=ZONE),
        changed({"account": "123456789012", "edge.domain": {"name": "ml.acme.com", "certificate": CERTIFICATE}}),
        changed({"edge": {"error_caching": "10s", "cache": CACHE}, "models.a": get("/a", cache="60s")}),
        domain(name=f"{LABEL}.acme.de", hosted_zone=ZONE, origin="apis.acme.de"),
        domain(name=f"{LABEL}.acme.com", certificate=CERTIFICATE),
        domain(name="notcloudfront.net", hosted_zone=ZONE),
        changed({"edge.error_caching": "0s"}),
        changed({"edge": {"security_headers": True, "access_log": True, "price_class": "PriceClass_100"}}),
    ],
)
def test_what_the_edge_can_do_is_taken(tmp_path: Path, settings: dict[str, Any]) -> None:
    assert report_on_data(settings, tmp_path) == []
