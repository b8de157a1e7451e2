"""What people write who know other tools: each mistake gets a message with the way out, and nothing is promised."""

import re
from pathlib import Path
from typing import Any

import pytest

from ml_gateway.reading.file_schema import sections
from ml_gateway.reading.words_of_others import WAYS_OUT
from tests.files import BACKENDS, CLIENTS, behind, changed, report_on_data

URL = "https://model.example.com/invocations"
IDENTITIES = (
    "write issuers: {corp: {url: https://login.acme.com/, audience: https://ml.acme.com, claim: azp}} at the top, and "
    "jwt: {corp: batch-prod} in a client; keys need clients alone"
)
SPLIT = "write versions: {v1: {url: ...}, v2: {url: ...}} in a model, and split: {v1: 90, v2: 10} beside it"
OF_A_BACKEND = "define a backend that sends it, by bearer or secret_headers, and write backend with its name here"
SENT = "write bearer: {secret: <its name>, version: <its version id>}, or secret_headers for another header"


@pytest.mark.parametrize(
    ("place", "value", "way_out"),
    [
        # the file as a whole
        ("region", "us-east-1", "write regions: [us-east-1]"),
        ("awsRegion", "us-east-1", "write regions: [us-east-1]"),
        ("model", {}, "did you mean 'models'?"),
        ("backend", {}, "did you mean 'backends'?"),
        *((key, {}, IDENTITIES) for key in ("authorizers", "jwt", "issuer", "oidc", "cognito")),
        ("mtls", {}, "callers are known by keys and by tokens: write clients: {mobile-app: {plan: free}}"),
        ("api_keys", ["a"], "write clients: {mobile-app: {plan: free}}; their keys are generated"),
        *(
            (key, 5, "write plans: {default: {rate: 2/s, burst: 10, quota: 1000/month}}")
            for key in ("throttling", "rate_limit", "rateLimit", "burst_limit", "quota", "usagePlan")
        ),
        ("cors", True, "write edge: {cors: {origins: [https://app.acme.com]}}"),
        ("cache", True, "write edge: {cache: 60s}"),
        ("waf", True, "write edge: {firewall: {rate: 2000/5m}}"),
        ("customDomain", "ml.acme.com", "write edge: {domain: {name: ml.acme.com, hosted_zone: "
         "Z0123456789ABCDEFGHIJ}}"),
        ("domain", {"name": "ml.acme.com"}, "it is a setting of edge; write it there"),
        ("timeout", "5s", "it is a setting of models.<name>; write it there"),
        ("x-common", {}, "write the anchor & where its value is used first, and an alias * wherever it is used again"),
        *(
            (key, "base.yaml", "write extends: gateway.yaml, with the path of the file below this one")
            for key in ("extend", "include", "base", "inherits")
        ),
        *(
            (key, {}, "write a file for each, such as prod.yaml, with extends: gateway.yaml and what is other there")
            for key in ("environments", "stages", "overlays")
        ),
        # a model
        ("models.predict.endpoint", URL, "write url: https://model.example.com, or for an endpoint of SageMaker a "
         "backend "
         "of type sagemaker"),
        *(
            (f"models.predict.{key}", "sesame", OF_A_BACKEND)
            for key in ("api_key", "apiKey", "headers", "bearer", "auth", "token")
        ),
        *((f"models.predict.{key}", {}, SPLIT) for key in ("weights", "traffic", "canary", "ab_test", "rollout")),
        *(
            (f"models.predict.{key}", 5, "write limits: {<model>: 1/s} in a plan")
            for key in ("rate_limit", "throttle", "burst_limit", "quota")
        ),
        ("models.predict.cors", True, "write edge: {cors: {origins: [https://app.acme.com]}}, for all models"),
        ("models.predict.oidc", "a", IDENTITIES),
        ("models.predict.retries", 3, "nothing is tried twice, so that nobody pays twice; have callers try again"),
        ("models.predict.backendMethod", "PUT", "did you mean 'backend_method'?"),
        ("models.predict.type", "http", "it is a setting of backends.<name>; write it there"),
        ("models.predict.firewall", {}, "it is a setting of edge; write it there"),
        # plans and clients
        *((f"plans.default.{key}", 5, "write rate: 2/s") for key in ("rate_limit", "rateLimit", "rps")),
        *((f"plans.default.{key}", 5, "write burst: 10") for key in ("burst_limit", "burstLimit")),
        ("plans.default.throttle", {}, "write rate: 2/s and burst: 10"),
        # the edge
        ("edge.waf", {}, "write firewall: {rate: 2000/5m}"),
        ("edge.certificate", "arn", "it is a setting of edge.domain; write it there"),
        ("edge.domainName", "a", "write domain: {name: ml.acme.com, hosted_zone: Z0123456789ABCDEFGHIJ}"),
        ("edge.https", True, "callers come by HTTPS alone, or are sent there; leave the line out"),
        ("logs.level", "INFO", "a line is written for each request, and bodies never; leave the line out"),
    ],
)  # fmt: skip
def test_a_key_of_another_tool_or_section_is_told_with_the_way_out(
    tmp_path: Path, place: str, value: Any, way_out: str
) -> None:
    lines = report_on_data(changed({place: value}), tmp_path)
    assert lines == [f"{place}: unknown key; {way_out}"]
    assert "sesame" not in lines[0]


@pytest.mark.parametrize(
    ("key", "way_out"),
    [
        ("api_key", "keys are generated, and KeyCommand prints one: write keys: [a, b] for their names"),
        ("oidc", IDENTITIES),
        ("scopes", "write models: [predict, llama]"),
        ("rate", "write plan: {rate: 5/s, burst: 10, quota: 1000/day}, or write it in the plan that this client names"),
    ],
)  # fmt: skip
def test_a_key_of_a_client_that_is_none_is_told_with_the_way_out(tmp_path: Path, key: str, way_out: str) -> None:
    lines = report_on_data(changed({**CLIENTS, f"clients.mobile.{key}": "x"}), tmp_path)
    assert lines == [f"clients.mobile.{key}: unknown key; {way_out}"]


@pytest.mark.parametrize(
    ("kind", "key", "way_out"),
    [
        *((kind, key, SENT) for kind in ("http", "load_balancer") for key in ("api_key", "apiKey", "token", "auth")),
        *(("http", key, "write url: https://model.example.com") for key in ("endpoint", "baseUrl", "api_base", "host")),
        ("http", "timeout", "it is a setting of models.<name>; write it there"),
        ("http", "verify_ssl", "API Gateway verifies the certificate in any case, which has to be of a public CA; "
         "leave the "
         "line out"),
        ("load_balancer", "target_group_arn", "write load_balancer with the ARN of the one that stands before it"),
        ("load_balancer", "url", "write host, port and tls in its place"),
        ("sagemaker", "endpoint_name", "did you mean 'endpoint'?"),
        ("sagemaker", "region", "it is in the region of the gateway; leave the line out"),
        ("sagemaker", "weights", SPLIT),
        ("lambda", "function_name", "write function: fraud:live, its name or ARN"),
        ("lambda", "alias", "write it behind the name, as in function: fraud:live"),
    ],
)  # fmt: skip
def test_a_key_of_a_backend_that_is_none_is_told_with_the_way_out(
    tmp_path: Path, kind: str, key: str, way_out: str
) -> None:
    (line,) = report_on_data(behind(kind, **{key: "sesame"}), tmp_path)
    expected = "write endpoint: fraud-prod, its name" if key == "endpoint_name" else way_out
    assert line == f"backends.b.{key}: unknown key; {expected}"


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ("models.predict.cache", True, "true is no duration; write 60s"),
        ("models.predict.cache", False, "false is no duration; write 0s, or leave the line out"),
        ("edge.cache", True, "true is no duration; write 60s"),
        ("edge.cors", True, "true is not a map; write cors: {origins: ['https://app.acme.com']}"),
        ("edge.firewall", True, "true is not a map; write firewall: {rate: 2000/5m}"),
        ("edge.health", True, "true is not text; write health: /health"),
        ("plans.default.quota", 1000, "'1000' has no unit; write requests for each day, week or month, such as "
         "1000/month"),
        ("plans.default.quota", {"limit": 1000}, "a map is not a quantity; write a number and a unit, such as "
         "1000/month"),
        ("plans.default.rate", 5, "'5' has no unit; write requests per second, such as 2/s"),
        ("models.predict.methods", "ANY", "'ANY' is not a list; write methods: [GET, POST]"),
        ("models.predict.url", "wss://model.example.com/chat", "'wss://model.example.com/chat' is a WebSocket, which a "
         "REST API does not pass on; write the https:// URL at which the model answers requests, and stream: true for "
         "an "
         "answer in parts"),
        ("models.predict.url", "grpc://model.example.com", "'grpc://model.example.com' speaks gRPC, which a REST API "
         "does "
         "not pass on; write the https:// URL of the server's HTTP API"),
        ("models.predict.url", "${MODEL_URL}", "'${MODEL_URL}' has a placeholder of another tool, and nothing fills "
         "it in "
         "here; write the URL itself"),
        ("models.predict.url", "https://{{ host }}/", "'https://{{ host }}/' has a placeholder of another tool, and "
         "nothing "
         "fills it in here; write the URL itself"),
        ("models.predict.url", "arn:aws:lambda:us-east-1:123456789012:function:f",
         "'arn:aws:lambda:us-east-1:123456789012"
         ":function:f' is no URL but an ARN; write a backend of type lambda, which takes it"),
        ("models.predict.url", "arn:aws:sagemaker:us-east-1:123456789012:endpoint/f", "'arn:aws:sagemaker:us-east-1:"
         "123456789012:endpoint/f' is no URL but an ARN; write a backend of type sagemaker with the name of the "
         "endpoint"),
    ],
)  # fmt: skip
def test_a_value_of_another_tool_is_told_with_the_way_out(tmp_path: Path, place: str, value: Any, message: str) -> None:
    assert report_on_data(changed({place: value}), tmp_path) == [f"{place}: {message}"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("us-east1", "us-east-1"),
        ("US-EAST-1", "us-east-1"),
        ("us-east-1a", "us-east-1"),
        ("useast1", "us-east-1"),
        ("us_west_2", "us-west-2"),
        ("eu-central1", "eu-central-1"),
        ("AP Southeast 2", "ap-southeast-2"),
    ],
)
def test_a_region_in_another_spelling_is_told_as_what_it_is(tmp_path: Path, written: str, meant: str) -> None:
    lines = report_on_data(changed({"regions": [written]}), tmp_path)
    assert lines == [f"regions[0]: {written!r} is not a commercial region; did you mean {meant!r}?"]


@pytest.mark.parametrize("written", ["us-central1", "eastus", "us-east", "us-gov-west-1", "cn-north-1", "global"])
def test_a_region_of_nobody_here_is_told_with_an_example(tmp_path: Path, written: str) -> None:
    lines = report_on_data(changed({"regions": [written]}), tmp_path)
    assert lines == [f"regions[0]: {written!r} is not a commercial region; write one such as eu-west-1"]


SETTINGS = {place.replace(".<name>", ".*"): set(section["properties"]) for place, section in sections()}
"""Each section with its settings: of a backend by its type."""


def test_no_way_out_stands_in_the_way_of_a_setting() -> None:
    for place, ways_out in WAYS_OUT.items():
        name = ".".join(map(str, place)) if place[:1] != ("backends",) else f"backends.* of type {place[2]}"
        taken = {re.sub("[^a-z0-9]", "", setting) for setting in SETTINGS[name.replace("clients.*.plan", "plans.*")]}
        assert taken.isdisjoint(ways_out), place


def test_every_way_out_names_what_to_do() -> None:
    said = {way_out for ways_out in WAYS_OUT.values() for way_out in ways_out.values()}
    assert len(said) > 40
    imperatives = "write|leave|define|split|put|have"
    assert [way_out for way_out in said if not re.search(rf"(^|; |: |, or ){imperatives}", way_out)] == []
    assert BACKENDS.keys() == {place[2] for place in WAYS_OUT if place[:1] == ("backends",)}
