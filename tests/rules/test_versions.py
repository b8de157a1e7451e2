"""What serves each version, beside other models and within the quotas: what is refused, and the nearest right file."""

from pathlib import Path
from typing import Any

import pytest

from ml_gateway.serving import ProtocolName
from tests.files import BACKENDS, report_on_data
from tests.rules.broken import V1, V2, versioned

ENDPOINT = {"backends.b": BACKENDS["sagemaker"]}
OPENAI = "https://llm.example.com/v1"


def told(changes: dict[str, Any], tmp_path: Path, **settings: Any) -> list[str]:
    """What is told of the small file's model with two versions and these settings, and with the changes."""
    return [line.removeprefix("models.predict.") for line in report_on_data(versioned(changes, **settings), tmp_path)]


def versions(v1: Any = V1, v2: Any = V2) -> dict[str, Any]:
    return {"v1": v1, "v2": v2}


SERVED: list[tuple[dict[str, Any], str]] = [
    ({**V2, "target_variant": "b"}, "target_variant: 'b' has no effect on a backend of type http; leave the line out"),
    ({**V2, "inference_component": "b"}, "inference_component: 'b' has no effect on a backend of type http; leave the "
     "line out"),
    ({**V2, "target_model": "b"}, "target_model: 'b' has no effect on a backend of type http; leave the line out"),
    ({**V2, "served_as": "b"}, "served_as: 'b' is in no path at which the protocol raw asks a server; leave the line "
     "out"),
    ({"backend": "frad"}, "backend: 'frad' is not a backend; did you mean 'fraud'?"),
    ({**V2, "backend": "fraud"}, "backend: 'fraud' stands beside a url; write backend or url, not both"),
    ({"url": "http://a.b/"}, "url: 'http://a.b/' is not encrypted; write https://, or accept that with insecure: true"),
    ({**V2, "insecure": True}, "insecure: true has no effect on an https:// url; leave the line out"),
    ({"backend": "fraud", "insecure": True}, "insecure: true has no effect beside backend, which says itself what is "
     "accepted; leave the line out"),
    ({"url": "https://abc123.lambda-url.us-east-1.on.aws/"}, "url: 'abc123.lambda-url.us-east-1.on.aws' is open to "
     "everybody, or wants a signature that API Gateway does not give; write a backend of type lambda with the name of "
     "the function"),
    ({"url": "https://a.b/{id}"}, "url: 'https://a.b/{id}' has the variable {id}, which the path of model 'predict' "
     "does not have; write it into that path, or write it out here"),
    ({**V2, "timeout": "1m"}, "timeout: 1m is longer than the 29s that API Gateway waits for a whole answer; write "
     "stream: true, or service_quotas: {integration_timeout: 1m} once AWS raised it for the account"),
    ({**V2, "timeout": "49ms"}, "timeout: 49ms is not a timeout of API Gateway; write whole milliseconds from 50ms to "
     "15m"),
    ({**V2, "path": "/x"}, "path: unknown key; write it in the model, for all versions"),
]  # fmt: skip


@pytest.mark.parametrize(("version", "line"), SERVED, ids=[line.partition(" ")[0] for _, line in SERVED])
def test_what_serves_a_version_is_told_at_its_own_place(tmp_path: Path, version: dict[str, Any], line: str) -> None:
    both = {"backends.fraud": BACKENDS["http"], "models.other": {"backend": "fraud"}}
    assert told(both, tmp_path, versions=versions(v2=version)) == [f"versions.v2.{line}"]


SPOKEN: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"protocol": "openai"}, versions({"url": OPENAI}, {"url": "https://a.b"}), "versions.v2.url: 'https://a.b' has no "
     "path, and the protocol openai adds no version to it; write the base URL that its clients take, such as "
     "https://a.b/v1"),
    ({"protocol": "openai"}, versions({"url": f"{OPENAI}/chat/completions"}, {"url": OPENAI}), "versions.v1.url: "
     "'https://llm.example.com/v1/chat/completions' ends in /chat/completions, which the protocol openai adds by "
     "itself; write the base URL that its clients take, https://llm.example.com/v1"),
    ({"protocol": "oip-v2"}, versions({"url": "https://a.b?c=d"}, {"url": "https://a.b"}), "versions.v1.url: "
     "'https://a.b?c=d' has a query string, but the protocol oip-v2 of model 'predict' adds paths at its end; take out "
     "? and what follows: callers send it with their requests, and it passes"),
    ({"protocol": "oip-v2"}, versions({"url": "https://a.b/{c}"}, {"url": "https://a.b"}), "versions.v1.url: "
     "'https://a.b/{c}' has a variable, which the protocol oip-v2 does not fill in; write it out"),
    ({}, versions(v2={"backend": "b", "target_model": "{id}"}), "versions.v2.target_model: '{id}' is a variable, which "
     "the path of model 'predict' does not have; write it into that path, where the model is a raw one, or write a "
     "fixed text here"),
    ({}, versions(v2={"backend": "b", "timeout": "61s"}), "versions.v2.timeout: 61s is longer than the 1m that "
     "SageMaker gives a model to answer; write at most that, or have it answer later: protocol: sagemaker has "
     "/async-invocations, for an asynchronous endpoint"),
    ({"path": "/x/{id}"}, versions({"url": "https://a.b/{id}"}, V2), "path: '/x/{id}' has the variable {id}, which "
     "leads nowhere; write it into the url, or take it out of the path"),
]  # fmt: skip


@pytest.mark.parametrize(("model", "served", "line"), SPOKEN, ids=[line.partition(" ")[0] for _, _, line in SPOKEN])
def test_what_a_version_does_not_speak_is_told_at_its_own_place(
    tmp_path: Path, model: dict[str, Any], served: dict[str, Any], line: str
) -> None:
    raised = {**ENDPOINT, "models.other": {"backend": "b"}, "service_quotas.integration_timeout": "2m"}
    assert told(raised, tmp_path, versions=served, **model) == [line]


@pytest.mark.parametrize(
    "model",
    [{"protocol": "openai"}, {"methods": ["GET"]}, {"stream": True}, {"backend_method": "PUT"}],
    ids=lambda model: next(iter(model)),
)
def test_what_sagemaker_does_not_take_is_told_at_the_version_behind_it(tmp_path: Path, model: dict[str, Any]) -> None:
    served = versions({"url": OPENAI}, {"backend": "b"})
    (line,) = told(ENDPOINT, tmp_path, versions=served, **model)
    assert line.startswith("versions.v2: ")
    assert "sagemaker" in line.lower()
    assert told({}, tmp_path, versions=versions({"url": OPENAI}, {"url": OPENAI}), **model) == []


@pytest.mark.parametrize("model", [{"methods": ["GET"]}, {"stream": True}], ids=lambda model: next(iter(model)))
def test_the_line_about_a_version_names_the_setting_of_the_model(tmp_path: Path, model: dict[str, Any]) -> None:
    (line,) = told(ENDPOINT, tmp_path, versions=versions(v2={"backend": "b"}), **model)
    assert f"{next(iter(model))}:" in line


def test_sagemaker_speaks_its_protocol_and_no_other_version_does(tmp_path: Path) -> None:
    mixed, alike = versions(v2={"backend": "b"}), versions({"backend": "b"}, {"backend": "b", "target_variant": "c"})
    assert told(ENDPOINT, tmp_path, versions=mixed, protocol="sagemaker") == [
        "versions.v1: protocol: sagemaker needs a backend of type sagemaker, not http; name one, or another protocol"
    ]
    assert told(ENDPOINT, tmp_path, versions=alike, protocol="sagemaker") == []


NAMED: list[tuple[ProtocolName, bool]] = [
    ("raw", False), ("openai", False), ("anthropic", False), ("sagemaker", False),
    ("oip-v2", True), ("tfserving", True), ("torchserve", True),
]  # fmt: skip


@pytest.mark.parametrize(("protocol", "asked"), NAMED)
def test_a_server_has_a_name_of_its_own_for_a_version_where_paths_have_it(
    tmp_path: Path, protocol: ProtocolName, asked: bool
) -> None:
    url = {"url": OPENAI if protocol == "openai" else "https://a.b"}
    server = {"backend": "b"} if protocol == "sagemaker" else url
    changes = ENDPOINT if protocol == "sagemaker" else {}
    lines = told(changes, tmp_path, versions=versions(server, {**server, "served_as": "fraud_2"}), protocol=protocol)
    refused = f"'fraud_2' is in no path at which the protocol {protocol} asks a server; leave the line out"
    assert lines == ([] if asked else [f"versions.v2.served_as: {refused}"])


def test_a_name_at_a_server_is_one_part_of_a_path(tmp_path: Path) -> None:
    served = versions({"url": "https://a.b"}, {"url": "https://a.b", "served_as": "a/b"})
    assert told({}, tmp_path, versions=served, protocol="oip-v2") == [
        "versions.v2.served_as: 'a/b' is several parts of a path, where oip-v2 has one; write one"
    ]


def test_a_backend_of_a_version_alone_is_used(tmp_path: Path) -> None:
    assert told(ENDPOINT, tmp_path, versions=versions(v2={"backend": "b"})) == []
    assert told(ENDPOINT, tmp_path) == ["backends.b: serves no model; write backend: b in one, or leave it out"]


def test_the_slowest_version_decides_how_long_the_edge_has_to_wait(tmp_path: Path) -> None:
    quotas = {"service_quotas.integration_timeout": "40s"}
    served = versions({**V1, "timeout": "5s"}, {**V2, "timeout": "40s"})
    assert told({**quotas, "edge.response_timeout": "39s"}, tmp_path, versions=served) == [
        "edge.response_timeout: 39s is shorter than the timeout of model 'predict', 40s; write at least that, or a "
        "shorter timeout there"
    ]
    assert told({**quotas, "edge.response_timeout": "40s"}, tmp_path, versions=served) == []


@pytest.mark.parametrize(
    ("changes", "settings"),
    [
        ({}, {"timeout": "1m"}),
        ({}, {"path": "/x/{id}"}),
        ({"backends.h": {"type": "http", "url": "https://a.b"}},
         {"versions": versions({"backend": "h"}, {"backend": "h"}), "protocol": "openai"}),
        ({"backends.b": {**BACKENDS["sagemaker"], "target_model": "{id}"}},
         {"versions": versions({"backend": "b"}, {"backend": "b", "target_variant": "c"})}),
    ],
    ids=["a timeout", "a variable that leads nowhere", "a base URL", "a variable of no path"],
)  # fmt: skip
def test_what_versions_share_is_told_once(tmp_path: Path, changes: dict[str, Any], settings: dict[str, Any]) -> None:
    assert len(told(changes, tmp_path, **settings)) == 1


def test_a_latency_that_one_version_passes_is_watched(tmp_path: Path) -> None:
    watched = {"alerts": {"email": "ops@acme.com", "latency_p95": "10s"}}
    assert told(watched, tmp_path, versions=versions({**V1, "timeout": "5s"}, {**V2, "timeout": "20s"})) == []
