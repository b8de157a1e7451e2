"""What people write of rollouts who know other tools: each mistake gets a message with the way out."""

from pathlib import Path
from typing import Any

import pytest

from tests.files import BACKENDS, behind, changed, report_on_data

URL = "https://model.example.com/invocations"
VERSIONED: dict[str, Any] = {
    "models.predict": {
        "versions": {"v1": {"url": URL}, "v2": {"url": URL}},
        "split": {"v1": 90, "v2": 10},
        "rollback": {"to": "v1", "errors": "2%"},
    },
    "alerts": {"email": "ops@acme.com", "errors": "1%"},
}
SPLIT = "write versions: {v1: {url: ...}, v2: {url: ...}} in a model, and split: {v1: 90, v2: 10} beside it"
SHARE = "write split: {v1: 90, v2: 10} in the model, with the share of each version"
MIRROR = "a request goes to one version; write split: {v1: 100, v2: 0}, and choose: x-model-version for testers"
SENT = "define a backend that sends it, by bearer or secret_headers, and write backend with its name here"
ONCE = "nothing is tried twice, so that nobody pays twice; have callers try again"


def told(place: str, tmp_path: Path) -> str:
    (line,) = report_on_data(changed({place: "sesame"}, changed(VERSIONED)), tmp_path)
    assert "sesame" not in line
    return line


@pytest.mark.parametrize(
    ("key", "way_out"),
    [
        *((key, SPLIT) for key in ("rollouts", "canary", "traffic", "weights", "versions", "ab_test", "experiments")),
        ("split", "it is a setting of models.<name>; write it there"),
        ("sticky", "it is a setting of models.<name>; write it there"),
    ],
)
def test_what_stands_at_the_top_is_told_to_be_of_a_model(tmp_path: Path, key: str, way_out: str) -> None:
    assert told(key, tmp_path) == f"{key}: unknown key; {way_out}"


@pytest.mark.parametrize(
    ("key", "way_out"),
    [
        *((key, SPLIT) for key in ("weights", "shares", "canaryPercent", "blue_green", "variants", "version")),
        *(
            (key, "write sticky: client, or header:x-user-id")
            for key in ("stickiness", "sessionAffinity", "hash_by", "cookie", "session")
        ),
        *((key, MIRROR) for key in ("mirror", "shadow")),
        ("ramp", "write split: {v1: 90, v2: 10}, and raise the share deploy by deploy"),
        ("versionHeader", "write choose: x-model-version"),
        *((key, "write rollback: {to: v1, errors: 2%}") for key in ("auto_rollback", "rollbackTo", "on_error")),
        ("fallback", ONCE),
        ("chose", "did you mean 'choose'?"),
        ("target_variant", "it is a setting of backends.<name> and of models.<name>.versions.<name>; write it there"),
        ("versions.v2.weight", SHARE),
        ("versions.v2.percentage", SHARE),
        ("versions.v2.primary", SHARE),
        *(
            (f"versions.v2.{key}", "write it in the model, for all versions")
            for key in ("path", "protocol", "stream", "backend_method", "paused")
        ),
        *(
            (f"versions.v2.{key}", "write backend with the name of one that has it")
            for key in ("function", "endpoint_name", "listener", "type", "region")
        ),
        *((f"versions.v2.{key}", SENT) for key in ("api_key", "headers", "bearer", "secret")),
        ("versions.v2.variant", "write target_variant: challenger"),
        ("versions.v2.model", "write target_model: fraud-v2.tar.gz"),
        ("versions.v2.rate", "write limits: {<model>: 1/s} in a plan"),
        ("versions.v2.retries", ONCE),
        ("versions.v2.target_varaint", "did you mean 'target_variant'?"),
        ("versions.v2.sticky", "it is a setting of models.<name>; write it there"),
        ("versions.v2.firewall", "it is a setting of edge; write it there"),
        ("rollback.version", "write to: v1"),
        *((f"rollback.{key}", "write errors: 2%") for key in ("threshold", "error_rate", "percent")),
        *((f"rollback.{key}", "write for: 5m") for key in ("window", "period", "within")),
        *((f"rollback.{key}", "write least: 50") for key in ("min_requests", "minimum")),
        ("rollback.latency_p95", "a version fails by its 5xx answers alone; write errors: 2%"),
        ("rollback.enabled", "leave rollback out where nothing is to be rolled back by itself"),
        ("rollback.sns", "write alerts: {email: ops@acme.com, errors: 1%} at the top"),
        ("rollback.too", "did you mean 'to'?"),
    ],
)  # fmt: skip
def test_a_key_of_another_tool_is_told_with_the_way_out(tmp_path: Path, key: str, way_out: str) -> None:
    assert told(f"models.predict.{key}", tmp_path) == f"models.predict.{key}: unknown key; {way_out}"


@pytest.mark.parametrize("kind", BACKENDS)
def test_the_weight_of_a_backend_is_the_share_of_a_version(tmp_path: Path, kind: str) -> None:
    assert report_on_data(behind(kind, weight=10), tmp_path) == [f"backends.b.weight: unknown key; {SPLIT}"]
