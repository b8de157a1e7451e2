"""The paths of versions, and which requests the edge leads to them."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_gateway.serving import (
    PROTOCOLS,
    ProtocolName,
    ServedModel,
    answers,
    expression_of,
    hides,
    version_name,
    version_of,
)

TEN_SECONDS = timedelta(seconds=10)
LITERALS = st.sampled_from(["a", "b", "fraud", "v1.5", "a.b", "axb", "$x", "x:predict", "_-", "..c"])
VARIABLES = st.sampled_from(["{x}", "{y}", "{z}"])
GREEDY = st.sampled_from(["", "/{rest+}"])
PATHS = (
    st.tuples(st.lists(LITERALS | VARIABLES, min_size=1, max_size=3, unique=True), GREEDY)
    .map(lambda drawn: f"/{'/'.join(drawn[0])}{drawn[1]}")
)  # fmt: skip
REQUESTS = (
    st.lists(LITERALS | st.sampled_from(["c", "%20", "a%3Fb", "é"]), min_size=1, max_size=5)
    .map(lambda parts: f"/{'/'.join(parts)}")
)  # fmt: skip


def takes(model: ServedModel, path: str) -> bool:
    """As the edge function asks: with `test`, so anywhere, but for the expression's own ends."""
    return re.search(expression_of(model), path) is not None


@pytest.mark.parametrize(
    ("path", "protocol", "expression"),
    [
        ("/fraud", "raw", "^/fraud/?$"),
        ("/v1.5/$x:predict", "raw", "^/v1[.]5/[$]x:predict/?$"),
        ("/fraud/{id}", "raw", "^/fraud/[^/]+/?$"),
        ("/{tenant}/scores/{id}", "raw", "^/[^/]+/scores/[^/]+/?$"),
        ("/files/{path+}", "raw", "^/files/.+$"),
        ("/{path+}", "raw", "^/.+$"),
        ("/llama", "openai", "^/llama/"),
        ("/a.b/llama", "oip-v2", "^/a[.]b/llama/"),
    ],
)
def test_an_expression_is_that_of_the_model_and_no_longer(path: str, protocol: ProtocolName, expression: str) -> None:
    assert expression_of(ServedModel(name="m", path=path, protocol=protocol)) == expression


@given(PATHS, REQUESTS, st.sampled_from(["", "/"]))
def test_the_edge_leads_on_what_the_route_of_a_raw_model_answers(path: str, request: str, end: str) -> None:
    assert takes(ServedModel(name="m", path=path), request + end) == answers(path, request)


@given(PATHS)
def test_so_it_does_its_own_path(path: str) -> None:
    model, request = ServedModel(name="m", path=path), re.sub(r"\{[^/]+\}", "c", path)
    assert takes(model, request)
    assert takes(model, f"{request}/")
    assert takes(model, f"{request}/more") == path.endswith("+}")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_of_a_protocol_it_leads_on_every_route_and_what_lies_below_alone(protocol: ProtocolName) -> None:
    model = ServedModel(name="m", path="/a/m", protocol=protocol)
    paths = [re.sub(r"\{[^/]+\}", "c", route.path) for route in model.routes]
    assert paths
    assert [path for path in paths if not takes(model, path)] == []
    for beside in ("/a/m", "/a/mm/v1/models", "/a/m-eu/v1/models", "/m/v1/models", "/x/a/m/v1/models", "/a/M/v1"):
        assert not takes(model, beside)


@pytest.mark.parametrize(
    ("path", "hidden"),
    [
        *((path, True) for path in ("/fraud--v2", "/fraud--v2/fraud", "/fraud--", "/FRAUD--V2/x", "/fraud--/",
                                    "/fraud---")),
        *((path, False) for path in ("/fraud", "/fraud/", "/fraud-v2", "/fraudulent", "/fraud-eu--v1", "/x/fraud--v2",
                                     "/", "/afraud--v2", "/fraud/--v2")),
    ],
)  # fmt: skip
def test_what_begins_with_the_name_and_two_hyphens_is_hidden(path: str, hidden: bool) -> None:
    assert hides("fraud", path) is hidden


@given(PATHS, st.sampled_from(["v1", "stable", "v-2"]))
def test_every_route_of_a_version_is_hidden_and_none_of_the_model(path: str, version: str) -> None:
    model = ServedModel(name="fraud", path=path)
    own = version_of(model, version, served_as=None, timeout=TEN_SECONDS)
    assert [hides("fraud", route.path) for each in (model, own) for route in each.routes] == [False, True]
    assert not takes(model, own.path) or path.startswith("/{")


@pytest.mark.parametrize("protocol", ["raw", *PROTOCOLS])
def test_a_version_has_the_routes_of_the_model_below_its_own_path(protocol: ProtocolName) -> None:
    model = ServedModel(name="fraud", path="/scores", protocol=protocol, timeout=timedelta(seconds=29))
    own = version_of(model, "v2", served_as=None, timeout=TEN_SECONDS)
    assert [route.path for route in own.routes] == [f"/fraud--v2{route.path}" for route in model.routes]
    assert [route.http_method for route in own.routes] == [route.http_method for route in model.routes]
    assert [route.backend_path for route in own.routes] == [route.backend_path for route in model.routes]
    assert {route.timeout for route in own.routes} == {TEN_SECONDS}
    assert {route.timeout for route in model.routes} == {timedelta(seconds=29)}


@pytest.mark.parametrize(
    ("protocol", "below", "asked"),
    [
        ("oip-v2", "/v2/models/Fraud/infer", "/v2/models/fraud_2/infer"),
        ("tfserving", "/v1/models/Fraud:predict", "/v1/models/fraud_2:predict"),
        ("torchserve", "/predictions/Fraud", "/predictions/fraud_2"),
    ],
)
def test_a_name_that_a_server_has_for_a_version_is_in_the_path_it_is_asked_at_alone(
    protocol: ProtocolName, below: str, asked: str
) -> None:
    model = ServedModel(name="fraud", path="/fraud", protocol=protocol, served_as="Fraud")
    own = version_of(model, "v2", served_as="fraud_2", timeout=TEN_SECONDS)
    paths = {route.path: route.backend_base + (route.backend_path or "") for route in own.routes}
    assert paths[f"/fraud--v2/fraud{below}"] == asked
    assert not any("fraud_2" in path for path in paths)
    assert not any("Fraud" in path for path in paths.values())


@pytest.mark.parametrize(
    ("protocol", "served_as"), [("raw", "x"), ("openai", "x"), ("oip-v2", "a/b"), ("oip-v2", "a b")]
)
def test_a_name_that_no_path_has_is_refused_in_python_too(protocol: ProtocolName, served_as: str) -> None:
    model = ServedModel(name="fraud", path="/fraud", protocol=protocol)
    with pytest.raises(ValueError, match=r"ServedModel\.served_as_by_server: .*; (leave the line out|write )"):
        version_of(model, "v2", served_as=served_as, timeout=TEN_SECONDS)


@pytest.mark.parametrize(
    ("protocol", "asked"),
    [("raw", "/scores/{id}"), ("openai", "/v1/chat/completions"), ("oip-v2", "/v2/models/m/infer")],
)
def test_a_server_that_is_an_address_is_asked_where_callers_ask(protocol: ProtocolName, asked: str) -> None:
    """And not below the path of the version, which nobody behind the gateway knows."""
    model = ServedModel(name="m", path="/scores" + "/{id}" * (protocol == "raw"), protocol=protocol)
    own = version_of(model, "v2", served_as=None, timeout=TEN_SECONDS)
    assert [route.path_at_address for route in own.routes] == [route.path_at_address for route in model.routes]
    assert asked in [route.path_at_address for route in own.routes]


def test_the_name_of_a_version_has_two_hyphens() -> None:
    assert version_name("fraud-eu", "v-2") == "fraud-eu--v-2"
