"""Paths that API Gateway would refuse at deployment, or answer wrongly; and how many resources there are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_gateway.serving import Route, misfits, resources_of_the_api
from ml_gateway.serving.collisions import Misfit


def routes(*written: str) -> list[Route]:
    """Routes from texts such as `GET /a`."""
    return [Route(http_method=method, path=path) for method, path in (text.split(" ") for text in written)]


@pytest.mark.parametrize(
    "models",
    [
        {},
        {"a": []},
        {"a": ["POST /a"], "b": ["POST /b"]},
        {"a": ["POST /x"], "b": ["GET /x"]},
        {"a": ["POST /x"], "b": ["POST /x/y"]},
        {"a": ["POST /fraud:predict", "POST /v1.2/$x/_-"]},
        {"a": ["GET /a/{id}", "POST /a/{id}", "GET /a/{id}/b/{id2}"]},
        {"a": ["GET /x/{v}"], "b": ["GET /x/{v}/y"]},
        {"a": ["GET /x/{a}"], "b": ["GET /y/{b}"]},
        {"a": ["GET /x/{a}/{b}"], "b": ["GET /x/y/{c}"]},
        {"a": ["GET /x/{v}"], "b": ["GET /x/literal"]},
        {"a": ["GET /{proxy+}"]},
        {"a": ["GET /ping/a", "GET /a/ping", "GET /a/sping", "GET /pings"]},
    ],
)
def test_paths_that_fit_beside_each_other(models: dict[str, list[str]]) -> None:
    assert list(misfits({name: routes(*written) for name, written in models.items()})) == []


@pytest.mark.parametrize(
    ("models", "found"),
    [
        (
            {"a": ["GET /ping"]},
            [Misfit("a", "'/ping' is reserved by API Gateway; write another path, such as /models/ping")],
        ),
        (
            {"a": ["GET /sping", "POST /sping"]},
            [Misfit("a", "'/sping' is reserved by API Gateway; write another path, such as /models/sping")],
        ),
        (
            {"a": ["POST /x"], "b": ["POST /x"]},
            [Misfit("b", "'/x' is a path of model 'a' too; give one of them another path", "a")],
        ),
        (
            {"a": ["GET /x", "POST /x"], "b": ["GET /x", "POST /x"], "c": ["GET /x"]},
            [
                Misfit("b", "'/x' is a path of model 'a' too; give one of them another path", "a"),
                Misfit("c", "'/x' is a path of model 'a' too; give one of them another path", "a"),
            ],
        ),
        (
            {"a": ["POST /x/{id}"], "b": ["POST /x/{v}/y"]},
            [
                Misfit(
                    "b",
                    "'/x/{v}/y' has {v} where model 'a' has {id}; variables at the same place need the same name",
                    "a",
                )
            ],
        ),
        (
            {"a": ["POST /x/{id}"], "b": ["POST /x/{id+}"]},
            [
                Misfit(
                    "b",
                    "'/x/{id+}' has {id+} where model 'a' has {id}; variables at the same place need the same name",
                    "a",
                )
            ],
        ),
    ],
)
def test_paths_that_do_not_fit(models: dict[str, list[str]], found: list[Misfit]) -> None:
    assert list(misfits({name: routes(*written) for name, written in models.items()})) == found


@pytest.mark.parametrize(
    "path",
    ["/Default", "/a/Default", "/{v}/Default/b", "/a/Resource", "/a/Resource/b", "/DeploymentStage.v1", "/b/GET"],
)
def test_a_part_may_be_what_cdk_calls_something_else(path: str) -> None:
    """Paths are text of the API's document, not construct ids."""
    assert not list(misfits({"m": [Route(http_method="POST", path=path)], "b": routes("GET /b")}))


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ([], 1),
        (["GET /a"], 2),
        (["GET /a", "POST /a"], 2),
        (["GET /a/b/c"], 4),
        (["GET /a/b", "GET /a/c", "GET /a"], 4),
        (["GET /a/b", "GET /b/b"], 5),
        (["GET /a/{v}", "GET /a/{v}/b", "GET /a/b"], 5),
    ],
)
def test_each_distinct_prefix_of_a_path_is_a_resource(written: list[str], count: int) -> None:
    assert resources_of_the_api(routes(*written)) == count


PARTS = st.lists(st.sampled_from(["a", "b", "{v}", "ping"]), min_size=1, max_size=5).filter(
    lambda parts: parts.count("{v}") < 2
)


@given(st.lists(PARTS, max_size=8))
def test_resources_are_counted_once_whatever_the_order(paths: list[list[str]]) -> None:
    all_routes = [Route(http_method="GET", path="/" + "/".join(parts)) for parts in paths]
    prefixes = {tuple(parts[:length]) for parts in paths for length in range(len(parts) + 1)} | {()}
    assert resources_of_the_api(all_routes) == len(prefixes)
    assert resources_of_the_api(reversed(all_routes)) == len(prefixes)


@given(st.lists(PARTS, min_size=2, max_size=2))
def test_two_models_collide_if_and_only_if_they_share_a_path(paths: list[list[str]]) -> None:
    first, second = ("/" + "/".join(parts) for parts in paths)
    models = {name: [Route(http_method="GET", path=path)] for name, path in (("a", first), ("b", second))}
    assert any(misfit.other for misfit in misfits(models)) == (first == second)
