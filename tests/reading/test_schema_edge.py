"""gateway.schema.json, continued: the edge with its firewall and caches, and alerts."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ml_gateway.reading.schema import rendered_schema
from tests.files import CLIENTS, changed, report_on_data

EDITOR = Draft202012Validator(json.loads(rendered_schema()))

URL = "https://model.example.com/invocations"
CACHE = {"default": "1h", "max": "24h"}
SEVEN = [f"X-{n}" for n in range(7)]
FIREWALL = {"rate": "2000/5m"}
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"


@pytest.mark.parametrize(
    "changes",
    [
        {"edge.firewall": {"rate": "10/1m", "mode": "count"}},
        {**CLIENTS, "edge.firewall": {"rate": "2000000000/10m", "key_rate": "0100/2m"}},
        {"edge.firewall": {**FIREWALL, "addresses": {"allow": ["203.0.113.0/24"], "deny": ["2001:db8::/32"]}}},
        *({"edge.firewall": {**FIREWALL, "addresses": {key: ["203.0.113.7"]}}} for key in ("allow", "deny")),
        *({"edge.firewall": {**FIREWALL, "countries": {key: ["DE", "FR"]}}} for key in ("allow", "deny")),
        {"edge.countries": {"deny": ["AQ"]}},
        {"edge.domain": {"name": "ml.acme.com", "certificate": CERTIFICATE}},
        {"edge.domain": {"name": "ml.acme.com", "hosted_zone": "Z1"}},
        {"edge.cache": "60s", "edge.error_caching": "1m"},
        {"edge": {"cors": {"origins": ["*"], "headers": ["X-A"]}, "security_headers": True, "access_log": True}},
        {"edge.cors": {"origins": ["https://a.b:8443", "http://localhost:3000"]}},
        {"edge": {"health": "/health/edge", "price_class": "PriceClass_200"}},
        {"models.predict": {"url": URL, "methods": ["GET"], "cache": "60s"}},
        {"models.predict": {"url": URL, "methods": ["GET"], "cache": "0s"}, "edge.cache": CACHE},
        {**CLIENTS, "models.predict": {"url": URL, "methods": ["HEAD"], "cache": {**CACHE, "headers": SEVEN}}},
        {"alerts": {"email": "first.last+x@acme.example", "errors": "0.5%"}},
        {"alerts": {"email": "ops@acme.com", "errors": "99.9%", "latency_p95": "500ms"}},
        {"alerts": {"email": "ops@acme.com", "latency_p95": "2s"}},
    ],
)
def test_what_is_right_passes_in_an_editor_and_when_loaded(tmp_path: Path, changes: dict[str, Any]) -> None:
    data = changed(changes)
    assert list(EDITOR.iter_errors(data)) == []
    assert report_on_data(data, tmp_path) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"edge": None},
        {"edge.cache": {"default": "1h"}},
        {"edge.cache": {**CACHE, "headers": [f"X-{n}" for n in range(9)]}},
        {"edge.cache": {**CACHE, "headers": ["X-Model", "X-Model"]}},
        {"edge.cache": {**CACHE, "headers": ["X Model"]}},
        *(
            {"edge.firewall": firewall}
            for firewall in (
                None,
                {},
                "2000/5m",
                *(
                    {"rate": rate}
                    for rate in (None, 2000, "2000", "20/s", "9/5m", "2000/3m", "2000000001/1m", "1.5/1m")
                ),
                {**FIREWALL, "key_rate": "100/1m"},
                {**FIREWALL, "mode": "off"},
                {**FIREWALL, "oops": 1},
                *({**FIREWALL, "addresses": each} for each in ({}, None, {"deny": "203.0.113.7"}, {"deny": [1]})),
                *({**FIREWALL, "countries": each} for each in ({}, {"deny": ["UK"]}, {"deny": ["DEU"]}, ["DE"])),
                {**FIREWALL, "countries": {"allow": ["DE"], "deny": ["FR"]}},
                {**FIREWALL, "countries": {"deny": ["DE", "DE"]}},
            )
        ),
        {**CLIENTS, "edge.firewall": {**FIREWALL, "key_rate": "100"}},
        {"edge.countries": {"allow": ["DE"], "deny": ["AQ"]}},
        *(
            {"edge.domain": domain}
            for domain in (
                "ml.acme.com",
                {"name": "ml.acme.com"},
                {"hosted_zone": "Z1"},
                {"name": "acme", "hosted_zone": "Z1"},
                {"name": "*.acme.com", "hosted_zone": "Z1"},
                {"name": "ml.acme.com", "hosted_zone": "acme.com"},
                {"name": "ml.acme.com", "certificate": CERTIFICATE.replace("us-east-1", "eu-west-1")},
            )
        ),
        *({"edge.cache": cache} for cache in ("60", 60, "1.5s", ["60s"])),
        *({"edge.error_caching": value} for value in ("10", 10, None, True)),
        *(
            {"edge.cors": {"origins": origins}}
            for origins in ([], "*", ["**"], ["*x"], ["https://a/"], ["ftp://a"], ["https://*.a.b"], ["*", "*"])
        ),
        {"edge.cors": {"origins": ["*"], "headers": ["X A"]}},
        *({"edge.health": path} for path in ("", "/", "health", "/a/", "/{a}", 1)),
        *({f"edge.{switch}": "yes"} for switch in ("security_headers", "access_log")),
        {"edge.price_class": "100"},
        *({"models.predict": {"url": URL, "methods": ["GET"], "cache": cache}} for cache in ("60", 60, ["60s"], None)),
        {
            **CLIENTS,
            "models.predict": {"url": URL, "methods": ["GET"], "cache": {**CACHE, "headers": [*SEVEN, "X-7"]}},
        },
        *(
            {"alerts": alerts}
            for alerts in (
                None,
                {},
                {"errors": "1%"},
                {"email": "ops@acme.com"},
                *({"email": email, "errors": "1%"} for email in ("ops", "ops@acme", "a b@acme.com", "@acme.com", 1)),
                *(
                    {"email": "ops@acme.com", "errors": share}
                    for share in ("1", 1, "0%", "100%", "101%", "0.0%", "-1%")
                ),
                {"email": "ops@acme.com", "latency_p95": "2"},
            )
        ),
    ],
)
def test_what_a_schema_can_tell_to_be_wrong_is_refused_in_an_editor_and_when_loaded(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    data = changed(changes)
    assert list(EDITOR.iter_errors(data))
    assert report_on_data(data, tmp_path)
