"""`ml-gateway explain` says of each request what the templates do with it."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as drawn
from hypothesis import strategies as st

from ml_gateway import GatewayConfig
from ml_gateway.cli.requests import Asked, cleaned, taken_by
from ml_gateway.config import HttpBackendConfig
from ml_gateway.design import GatewayDesign
from ml_gateway.functions import assembled_viewer_request
from ml_gateway.reading import load_config
from ml_gateway.serving.paths import in_url, with_values
from tests.cli.conftest import RunCommand
from tests.cli.explained import explained
from tests.documents import operations_of
from tests.files import changed
from tests.functions.edge_runtime import KEYED, EdgeRuntime, viewer_request
from tests.synthesis import TOP, Templates

EXAMPLES = sorted((TOP / "examples").glob("*.yaml"))
TENANTS = TOP / "examples" / "multi_tenant.yaml"


def requests_of(design: GatewayDesign) -> Iterator[tuple[str, str, str]]:
    """Method, path and route of a request for each route, with another value for each variable of another place."""
    for routes in design.routes.values():
        for route in routes:
            yield route.http_method, with_values(route.path, "v1.5"), route.path


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_each_request_is_taken_by_its_own_route(file: Path) -> None:
    design = GatewayDesign.of(load_config(file))
    for method, path, route in requests_of(design):
        taken = taken_by(Asked.of(method, path), design)
        assert taken is not None
        assert (taken.route.http_method, taken.route.path) == (method, route)
        assert set(taken.values.values()) <= {"v1.5"}


def test_the_backend_is_asked_as_the_template_has_it(every_config: GatewayConfig, every_templates: Templates) -> None:
    design = GatewayDesign.of(every_config)
    operations = operations_of(every_templates["api"])
    compared = 0
    for method, path, route in requests_of(design):
        taken = taken_by(Asked.of(method, path), design)
        assert taken is not None
        if not isinstance(design.models[taken.model].backend, HttpBackendConfig) or taken.route.answer:
            continue
        integration = operations[f"{method} {route}"]["x-amazon-apigateway-integration"]
        said = explained(every_config, method, path)["answer"]
        url = with_values(in_url(integration["uri"]), "v1.5")
        assert said[0].endswith(f", at {integration['httpMethod']} {url}")
        for name, value in integration["requestParameters"].items():
            header = name.removeprefix("integration.request.header.")
            if header != name and value == "'replaced-by-gateway'":
                assert f"{header.lower()}: replaced-by-gateway" in [each.lower() for each in said]
        compared += 1
    assert compared > 5


CHAT = ("POST", "/llama/v1/chat/completions")
SAID = [
    (CHAT, "edge", "POST https://<distribution>/llama/v1/chat/completions; plain HTTP is refused"),
    (CHAT, "lock", "the caller sends a client's key as x-api-key, bearer, api-key; without it 401"),
    (
        CHAT,
        "limits",
        "plans.free: 5/s, 10 at once, of which 1/s, 1 at once to this method; 1000/day (each key of mobile-app)",
    ),
    (CHAT, "limits", "clients.batch-jobs.plan: 2/s, 4 at once; 5000/day"),
    (CHAT, "time", "API Gateway passes the answer on as it comes, for at most 10m; then 504"),
    (CHAT, "answer", "Authorization: Bearer <secret tenants-ml/llama-token>"),
    (CHAT, "cache", "nothing is kept: only answers to GET and HEAD ever are"),
    (
        ("GET", "https://ml.acme.com/topics/?text=a"),
        "answer",
        "backend topics, at GET https://topics.example.com/predict",
    ),
    (
        ("GET", "/topics"),
        "cache",
        "alike are path, query, cookies and Authorization, Accept, x-api-key; other headers do not reach the model",
    ),
    (
        ("GET", "/llama/v1/models"),
        "cache",
        "nothing is kept: */v1/models tells which models there are, or are ready",
    ),
    (("post", "/rerank"), "answer", "API Gateway: 503 model_paused, as models.rerank is paused"),
    (("DELETE", "/topics"), "answer", "the path has GET, POST"),
    (("GET", "/nothing"), "answer", "API Gateway: 404 unknown_url, as no model has it"),
]


@pytest.mark.parametrize(("asked", "step", "sentence"), SAID)
def test_what_the_example_of_tenants_does(asked: tuple[str, str], step: str, sentence: str) -> None:
    assert sentence in explained(load_config(TENANTS), *asked)[step]


@pytest.mark.parametrize(
    ("regions", "said"),
    [
        (["us-east-1"], ["the API in us-east-1, where origin.ml.acme.com leads"]),
        (
            ["us-east-1", "eu-west-1"],
            ["origin.ml.acme.com leads to the nearest of us-east-1, eu-west-1 that is healthy"],
        ),
        (
            {"us-east-1": {"drain": True}, "eu-west-1": {}},
            ["the API in eu-west-1, where origin.ml.acme.com leads", "us-east-1 is drained (regions.us-east-1.drain)"],
        ),
    ],
    ids=str,
)
def test_the_region_that_answers_is_told(regions: object, said: list[str]) -> None:
    config = load_config(TOP / "examples" / "two_regions.yaml")
    settings = {**config.model_dump(exclude_none=True), "regions": regions}
    steps = explained(GatewayConfig(**settings), "POST", "/topics")
    assert list(steps["region"]) == said
    assert ("each region counts for itself:" in steps["limits"]) is (len(regions) > 1)  # type: ignore[arg-type]  # a list or a map, in the table above


def test_without_a_zone_there_is_one_region() -> None:
    assert explained(load_config(TENANTS), *CHAT)["region"] == ("the API in us-east-1, at its own address",)


@pytest.mark.parametrize(
    ("settings", "method", "path", "answer"),
    [
        ({"edge.health": "/health"}, "GET", "/health", "the edge function: 200"),
        ({"edge.cors.origins": ["https://app.acme.com"]}, "OPTIONS", "/predict", "the edge function: 204"),
    ],
)
def test_what_the_edge_answers_goes_no_further(
    settings: dict[str, object], method: str, path: str, answer: str
) -> None:
    said = explained(GatewayConfig(**changed(settings)), method, path)
    assert list(said) == ["edge", "answer"]
    assert said["answer"][0].startswith(answer)


def test_without_clients_the_distribution_has_the_only_key() -> None:
    said = explained(load_config(TOP / "gateway.yaml"), "POST", "/predict")
    assert said["lock"][0].startswith("the distribution sends x-api-key with the origin secret, generation 1")
    assert any(line.startswith("the firewall: one address may send ") for line in said["edge"])


def test_it_is_printed_step_by_step_or_as_json(run_command: RunCommand) -> None:
    request = ("explain", "POST", "/embed/v1/embeddings", "--file", TENANTS)
    printed, said = run_command(*request), json.loads(run_command(*request, "--json").out)
    assert list(said) == ["edge", "cache", "region", "lock", "limits", "time", "answer"]
    lines = printed.out.splitlines()
    assert [line.split()[0] for line in lines if not line.startswith(" ")] == list(said)
    assert [line[8:] for line in lines] == [sentence for step in said.values() for sentence in step]


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (("FETCH", "/predict"), "'FETCH' is not a method; write one of DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"),
        (("GET", "predict"), "'predict' is not a path; write one that begins with a slash, such as /predict"),
    ],
)  # fmt: skip
def test_what_is_no_request_is_one_line(run_command: RunCommand, request_: tuple[str, str], message: str) -> None:
    said = run_command("explain", *request_, "--file", TENANTS)
    assert (said.status, said.out, said.err) == (1, "", f"{message}\n")


REFUSED = [
    "/a//b", "//a", "/a/../b", "/a%2Fb", "/a/%2e%2e/b", "/a%00", "/a%zz", "/a/.", "/a%3fb", "/a/..;x", "/%", "/a%",
]  # fmt: skip
PASSED = ["/%66raud", "/a%20b", "/a/", "/llama/v1/models/a%2Fb", "/caf%C3%A9", "/a;b", "/a%7eb", "/a%2", "/"]
PIECES = st.sampled_from(
    ["/", "//", ".", "..", ";", "%2f", "%2F", "%2e", "%5C", "%25", "%3b", "%00", "%7F", "%41", "%zz", "%", "\\", "#",
     "?",      "/v1/models/", "/llama", "a", "Z", "~", "-", "_", "%20", "%C3%A9", "\x01"]
)  # fmt: skip


@pytest.fixture(scope="module")
def runtime() -> Iterator[EdgeRuntime]:
    with closing(EdgeRuntime()) as started:
        yield started


def at_the_edge(runtime: EdgeRuntime, path: str, *, slashes_in_ids: bool) -> str | None:
    """The path that the function sends on; None if it answers by itself."""
    settings = replace(KEYED, slashes_in_ids=slashes_in_ids)
    sent = runtime.run(assembled_viewer_request(settings), viewer_request({"uri": path})).value
    found: str | None = sent.get("uri")
    return found


@pytest.mark.parametrize("slashes_in_ids", [True, False])
@pytest.mark.parametrize("path", [*REFUSED, *PASSED])
def test_paths_are_read_as_the_function_at_the_edge_does(path: str, slashes_in_ids: bool, runtime: EdgeRuntime) -> None:
    said = cleaned(path, slashes_in_ids=slashes_in_ids)
    assert said == at_the_edge(runtime, path, slashes_in_ids=slashes_in_ids)
    assert (said is None) == (path in REFUSED) or "%2" in path


@drawn(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PIECES, max_size=8).map("".join), st.booleans())
def test_so_is_any_other_path(runtime: EdgeRuntime, path: str, slashes_in_ids: bool) -> None:
    assert cleaned(path, slashes_in_ids=slashes_in_ids) == at_the_edge(runtime, path, slashes_in_ids=slashes_in_ids)


def test_what_the_edge_refuses_goes_no_further() -> None:
    said = explained(load_config(TENANTS), "GET", "/topics/..%2fllama")
    assert list(said) == ["edge", "answer"]
    assert said["answer"] == ("the edge function: 400 invalid_path, as the path could be read in two ways",)


def test_encoded_letters_are_letters() -> None:
    assert explained(load_config(TENANTS), "GET", "/%74opics/") == {
        **explained(load_config(TENANTS), "GET", "/topics"),
        "edge": explained(load_config(TENANTS), "GET", "/%74opics/")["edge"],
    }


def test_problems_of_the_file_are_said_as_check_says_them(run_command: RunCommand, tmp_path: Path) -> None:
    for command in (("explain", "GET", "/a"), ("openapi",)):
        said = run_command(*command, "--file", tmp_path / "gone.yaml")
        assert (said.status, said.out) == (1, "")
        assert said.err == run_command("check", tmp_path / "gone.yaml").out
