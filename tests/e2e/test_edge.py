"""What the edge answers itself, and what it does to the answers of the API, through CloudFront.

Not shown, because MiniStack cannot or does it in its own way:
* It has no TLS: of the certificate only that it is there and belongs to the distribution.
* It caches nothing and has no firewall. It keeps the path /health for itself, on every host.
* After a function it sends on header names in small letters, where CloudFront writes each word with a capital.
* Whether CloudFront puts a response headers policy on what a function answered is not documented; here it does not.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any, Final
from urllib.parse import urlsplit

import pytest

from demo.model_requests import JSON
from demo.observations import prediction
from demo.sample_server import SampleServer
from ml_gateway.credentials import API_KEY_HEADER
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.gateway import LocalGateway, through_cloudfront
from ml_gateway.local.http_client import Answer, HttpClient, Request

pytestmark = pytest.mark.e2e

PAGE: Final = "https://app.acme.com"
STRANGER: Final = "https://evil.example"
HEALTH: Final = "/healthz"
ROUTES: Final = ["/iris", "/refusing", "/failing", "/telling", HEALTH, "/no/such/path"]


@pytest.fixture(scope="module")
def stranger(edge: LocalGateway) -> Iterator[HttpClient]:
    """Who has no key."""
    with closing(HttpClient(edge.cloud.port, through_cloudfront(edge.domain_name))) as client:
        yield client


def preflight(client: HttpClient, path: str, origin: str) -> Answer:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-api-key"}
    return client.send(Request(method="OPTIONS", path=path, headers=asked))


def post(client: HttpClient, path: str, headers: Mapping[str, str] = {}) -> Answer:
    return client.send(Request(method="POST", path=path, body=b"{}", headers={**JSON, **headers}))


def header(answer: Answer, name: str) -> str | None:
    return {key.lower(): value for key, value in answer.headers.items()}.get(name)


def distribution(edge: LocalGateway) -> Any:
    client = CloudInventory(edge.cloud).client("cloudfront")
    found = client.get_paginator("list_distributions").paginate().search("DistributionList.Items[]")
    (one,) = [item["Id"] for item in found if item["DomainName"] == edge.domain_name]
    return client.get_distribution_config(Id=one)["DistributionConfig"]


def test_models_are_served(edge: LocalGateway) -> None:
    assert prediction(edge, "iris").held


# Preflight and CORS


@pytest.mark.parametrize("path", ROUTES)
def test_preflight_is_answered_on_every_path_without_a_key(stranger: HttpClient, path: str) -> None:
    answer = preflight(stranger, path, PAGE)
    assert (answer.status, answer.body) == (204, b"")
    assert header(answer, "access-control-allow-origin") == PAGE
    assert header(answer, "vary") == "origin"
    assert "POST" in (header(answer, "access-control-allow-methods") or "")
    allowed = (header(answer, "access-control-allow-headers") or "").split(", ")
    assert {"x-api-key", "authorization", "content-type", "x-trace-id"} <= set(allowed)
    assert header(answer, "access-control-allow-credentials") is None


def test_preflight_of_a_page_that_is_not_listed_permits_nothing(stranger: HttpClient) -> None:
    answer = preflight(stranger, "/iris", STRANGER)
    assert answer.status == 204
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


def test_options_that_is_no_preflight_needs_a_key_like_everything(stranger: HttpClient) -> None:
    answer = stranger.send(Request(method="OPTIONS", path="/iris"))
    assert answer.status in (401, 403, 404)


def test_answers_carry_cors_headers_for_listed_pages_alone(edge: LocalGateway) -> None:
    ours, strange = (post(edge.edge, "/iris", {"Origin": origin}) for origin in (PAGE, STRANGER))
    assert (ours.status, strange.status) == (200, 200)
    assert header(ours, "access-control-allow-origin") == PAGE
    assert "retry-after" in (header(ours, "access-control-expose-headers") or "")
    assert header(strange, "access-control-allow-origin") is None


@pytest.mark.parametrize(("path", "status"), [("/refusing", 422), ("/failing", 503)])
def test_errors_of_models_carry_cors_headers_and_their_own_bodies(edge: LocalGateway, path: str, status: int) -> None:
    answer = post(edge.edge, path, {"Origin": PAGE})
    assert (answer.status, answer.json()) == (status, {"error": f"the model answered {status}"})
    assert header(answer, "access-control-allow-origin") == PAGE


def test_refusals_of_the_gateway_carry_cors_headers_and_their_own_bodies(stranger: HttpClient) -> None:
    answer = post(stranger, "/iris", {"Origin": PAGE})
    assert (answer.status, answer.json()["error"]["code"]) == (401, "invalid_api_key")
    assert header(answer, "access-control-allow-origin") == PAGE


# Headers of all answers

SECURITY_HEADERS: Final = {
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}


@pytest.mark.parametrize(("path", "status"), [("/iris", 200), ("/refusing", 422), ("/failing", 503), ("/none", 404)])
def test_every_answer_protects_browsers(edge: LocalGateway, path: str, status: int) -> None:
    answer = post(edge.edge, path)
    assert answer.status == status
    assert {name: header(answer, name) for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_headers_of_the_edge_win_over_those_of_a_backend(edge: LocalGateway) -> None:
    answer = post(edge.edge, "/telling", {"Origin": PAGE})
    assert answer.json() == {"told": True}
    assert header(answer, "x-model-version") == "7"
    assert header(answer, "x-frame-options") == "DENY"
    assert header(answer, "access-control-allow-origin") == PAGE


def test_no_answer_names_a_region_where_another_one_may_answer(edge: LocalGateway) -> None:
    # The backend says that it is on Mars.
    assert header(post(edge.edge, "/telling"), "x-gateway-region") is None


def test_what_a_backend_runs_on_is_not_told(edge: LocalGateway) -> None:
    key = {API_KEY_HEADER: edge.edge.headers[API_KEY_HEADER]}
    directly = post(edge.api, f"{edge.api_path}/telling", key)
    through_edge = post(edge.edge, "/telling")
    assert header(directly, "x-powered-by") == "Flask"
    assert header(through_edge, "x-powered-by") is None
    assert "gunicorn" not in json.dumps(dict(through_edge.headers))


# Health


def test_health_is_told_without_a_key(stranger: HttpClient) -> None:
    answer = stranger.send(Request(method="GET", path=HEALTH))
    assert (answer.status, answer.json(), answer.content_type) == (200, {"status": "ok"}, "application/json")
    assert header(answer, "cache-control") == "no-store"


def test_health_has_no_body_for_head(stranger: HttpClient) -> None:
    answer = stranger.send(Request(method="HEAD", path=HEALTH))
    assert (answer.status, answer.body) == (200, b"")


def test_health_reveals_nothing_but_that_cloudfront_answers(stranger: HttpClient) -> None:
    answer = stranger.send(Request(method="GET", path=HEALTH))
    ours = {"content-type", "cache-control"}
    of_the_cloud = {"content-length", "via", "x-cache", "x-amz-cf-pop", "x-amz-cf-id", "server", "date"}
    of_ministack = {"x-amzn-requestid", "x-amz-request-id", "x-amz-id-2"}
    assert {name.lower() for name in answer.headers} - ours - of_the_cloud - of_ministack == set()


def test_health_answers_no_other_method(stranger: HttpClient) -> None:
    assert post(stranger, HEALTH).status in (401, 403, 404)


# What reaches the backend


def test_with_a_cache_what_is_in_its_key_reaches_the_backend_and_nothing_else_of_a_get(
    edge: LocalGateway, sample_server: SampleServer
) -> None:
    keyed = {"Authorization": "Bearer of-the-model", "Accept": "application/json", "Cookie": "a=b"}
    request = Request(method="GET", path="/iris?version=2", headers={**keyed, "X-Trace-Id": "7"})
    received = edge.send_through_edge(request).json()["received"]
    assert keyed.items() <= received["headers"].items()
    assert "X-Trace-Id" not in received["headers"]
    assert received["path"].endswith("?version=2")
    assert received["headers"]["Host"] == urlsplit(sample_server.url).netloc


# What was deployed


def test_every_behavior_has_the_one_function(edge: LocalGateway) -> None:
    config = distribution(edge)
    every = [config["DefaultCacheBehavior"], *config.get("CacheBehaviors", {}).get("Items", [])]
    functions = [behavior["FunctionAssociations"]["Items"] for behavior in every]
    assert [[one["EventType"] for one in each] for each in functions] == [["viewer-request"]] * len(every)
    assert len({each[0]["FunctionARN"] for each in functions}) == 1


def test_the_name_and_its_certificate_are_those_of_the_distribution(edge: LocalGateway) -> None:
    config = distribution(edge)
    acm = CloudInventory(edge.cloud).client("acm")
    certificates = acm.list_certificates()["CertificateSummaryList"]
    (certificate,) = [one["CertificateArn"] for one in certificates if one["DomainName"] == "ml.acme.com"]
    assert config["Aliases"]["Items"] == ["ml.acme.com"]
    assert config["ViewerCertificate"]["ACMCertificateArn"] == certificate
    assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"


def test_gateway_answers_under_its_own_name(edge: LocalGateway) -> None:
    with closing(HttpClient(edge.cloud.port, {**edge.edge.headers, "Host": "ml.acme.com"})) as client:
        assert post(client, "/telling").json() == {"told": True}
    with closing(HttpClient(edge.cloud.port, {**edge.edge.headers, "Host": "other.acme.com"})) as client:
        assert post(client, "/telling").body != b'{"told": true}'


def test_records_lead_from_the_name_to_the_distribution(edge: LocalGateway) -> None:
    assert edge.config.edge.domain
    route53 = CloudInventory(edge.cloud).client("route53")
    records = route53.list_resource_record_sets(HostedZoneId=edge.config.edge.domain.hosted_zone)["ResourceRecordSets"]
    ours = {record["Type"]: record["AliasTarget"] for record in records if record["Name"] == "ml.acme.com."}
    assert {kind: target["DNSName"] for kind, target in ours.items()} == dict.fromkeys(
        ("A", "AAAA"), f"{edge.domain_name}."
    )
    # The zone of all distributions, as the Route 53 API reference gives it.
    assert {target["HostedZoneId"] for target in ours.values()} == {"Z2FDTNDATAQYW2"}


def test_outputs_hand_out_the_name_and_say_where_it_has_to_lead(edge: LocalGateway) -> None:
    outputs = CloudInventory(edge.cloud).outputs("edge-edge", "us-east-1")
    assert outputs["BaseUrl"] == "https://ml.acme.com"
    assert outputs["DistributionDomainName"] == edge.domain_name
