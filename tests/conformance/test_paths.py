"""Variables of a path go where the URL has them, together with the query strings of caller and file."""

from urllib.parse import parse_qs, urlsplit

import pytest

from conformance.deployed_api import DeployedApi

pytestmark = pytest.mark.conformance


def target_of(deployed: DeployedApi, method: str, path: str) -> str:
    exchange = deployed.send(method, path, headers=deployed.credentials)
    assert exchange.answer.status == 200
    (received,) = exchange.received
    assert received.method == method
    return received.target


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("user", ["u-42", "u%2042", "%C3%A4", "a%2Fb", "a%3Fb=c", "..%2F..%2Fadmin"])
def test_variable_goes_where_the_url_has_it(deployed: DeployedApi, method: str, user: str) -> None:
    assert target_of(deployed, method, f"/users/{user}/score") == f"/v3/{user}/score?from=the-file"


@pytest.mark.parametrize("rest", ["report.pdf", "2026/11/report.pdf", "a%20b/c%20d"])
def test_greedy_variable_takes_the_rest_of_the_path(deployed: DeployedApi, rest: str) -> None:
    assert target_of(deployed, "GET", f"/files/{rest}") == f"/archive/{rest}"


@pytest.mark.parametrize(
    ("path", "expected", "query"),
    [
        (
            "/users/u%2042/score?days=7&tag=a&tag=b%20c&user=another",
            "/v3/u%2042/score",
            {"from": ["the-file"], "days": ["7"], "tag": ["a", "b c"], "user": ["another"]},
        ),
        ("/files/2026/a%20b?page=2", "/archive/2026/a%20b", {"page": ["2"]}),
    ],
)
def test_query_string_arrives_beside_a_variable(
    deployed: DeployedApi, path: str, expected: str, query: dict[str, list[str]]
) -> None:
    target = urlsplit(target_of(deployed, "GET", path))
    assert (target.path, parse_qs(target.query)) == (expected, query)


@pytest.mark.parametrize("path", ["/users/u-42", "/users//score", "/users/a/b/score", "/files", "/files/"])
def test_path_without_the_variable_is_none_of_the_model(deployed: DeployedApi, path: str) -> None:
    exchange = deployed.send("GET", path, headers=deployed.credentials)
    assert (exchange.answer.status, exchange.received) == (403, ())


def test_path_of_a_protocol_reaches_the_backend(deployed: DeployedApi) -> None:
    assert target_of(deployed, "POST", "/llama/v1/chat/completions") == "/v1/chat/completions"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/llama/v1/models", "/v1/models"),
        ("/llama/v1/models/a", "/v1/models/a"),
        ("/llama/v1/models/a/b", "/v1/models/a/b"),
    ],
)
def test_list_of_models_and_an_id_with_a_slash_reach_the_backend(
    deployed: DeployedApi, path: str, expected: str
) -> None:
    assert target_of(deployed, "GET", path) == expected
