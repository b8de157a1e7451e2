"""What rules declare to read of versions, with a file for each: rows of test_declared.py."""

from typing import Any

from ml_gateway.rules import Rule, backends, rollouts, timeouts, variables
from tests.files import BACKENDS
from tests.rules.broken import GET, MAIL, ROLLBACK, SPLIT, URL, V1, V2

V2_BACKEND = "models.predict.versions.v2.backend"


def split(v1: Any = V1, v2: Any = V2, **settings: Any) -> dict[str, Any]:
    """The change that gives the small file's model these two versions."""
    return {"models.predict": {**SPLIT, "versions": {"v1": v1, "v2": v2}, **settings}}


ENDPOINT = {
    "backends.b": BACKENDS["sagemaker"],
    **split({"backend": "b"}, {"backend": "b", "target_variant": "challenger"}),
}

OF_VERSIONS: list[tuple[Rule, str, str, dict[str, Any]]] = [
    (
        backends.unused_backends, "models.*.versions", V2_BACKEND,
        {"backends.b": {"type": "http", "url": URL}, **split(v2={"backend": "b"})},
    ),
    (
        backends.protocols_that_a_backend_does_not_speak, "models.*.versions", V2_BACKEND,
        {**ENDPOINT, "models.predict.protocol": "sagemaker"},
    ),
    (
        variables.variables_that_lead_nowhere, "models.*.versions", "models.predict.versions.v2.url",
        split({"url": "https://a.b/{id}"}, {"url": "https://c.d/{id}"}, path="/x/{id}"),
    ),
    (
        timeouts.impatient_edge, "models.*.versions", "models.predict.versions.v2.timeout",
        {**split({**V1, "timeout": "1s"}, {**V2, "timeout": "1s"}), "edge.response_timeout": "10s"},
    ),
    (
        rollouts.settings_without_versions, "models.*.versions", "models.predict.versions",
        split(choose="x-model-version"),
    ),
    (rollouts.shares_that_are_not_all, "models.*.split", "models.predict.split.v2", split()),
    (
        rollouts.clients_that_nobody_tells_apart, "clients", "clients",
        {**split(sticky="client"), "clients.mobile": {"plan": "default"}},
    ),
    (rollouts.rollbacks_that_cannot_be, "alerts", "alerts", {**split(rollback=ROLLBACK), "alerts": MAIL}),
    (rollouts.settings_of_another_backend, "backends.*.type", "backends.b.type", ENDPOINT),
    (rollouts.settings_of_another_backend, "models.*.versions", V2_BACKEND, ENDPOINT),
    (
        rollouts.settings_of_another_backend, "models.*.protocol", "models.predict.protocol",
        split({"url": "https://a.b"}, {"url": "https://a.b", "served_as": "x"}, protocol="oip-v2"),
    ),
    (
        rollouts.requests_of_a_model_beside_versions, "models.*.path", "models.other.path",
        {**split(path="/other"), "models.other": {**GET, "path": "/x"}},
    ),
    (
        rollouts.requests_of_a_model_beside_versions, "models.*.protocol", "models.other.protocol",
        {**split(), "models.other": {"url": URL, "protocol": "openai", "path": "/predict"}},
    ),
]  # fmt: skip
