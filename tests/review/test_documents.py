"""Reading a document: whose path it is, what answers a request, and what is no document."""

from typing import Any

import pytest

from ml_gateway.review.assembly import Resource
from ml_gateway.review.documents import Document, DocumentError, covers, read_document, shape_of
from tests.review.apis import answered, api, operation, with_body
from tests.synthesis import Json


def read(resources: Json) -> Document:
    return read_document(Resource.model_validate(resources["Api"]))


@pytest.mark.parametrize(
    ("wide", "narrow", "covered"),
    [
        ("/fraud", "/fraud", True),
        ("/fraud", "/other", False),
        ("/fraud/{id}", "/fraud/{score}", True),
        ("/fraud/{id}", "/fraud/literal", True),
        ("/fraud/literal", "/fraud/{id}", False),
        ("/fraud/{id+}", "/fraud/{id}", True),
        ("/fraud/{id}", "/fraud/{id+}", False),
        ("/fraud/{id+}", "/fraud/{a}/{b+}", True),
        ("/fraud/{a}/{b+}", "/fraud/{id+}", False),
        ("/fraud/{id+}", "/fraud", False),
        ("/fraud/{id}", "/fraud", False),
        ("/fraud", "/fraud/{id}", False),
    ],
)
def test_a_path_takes_what_callers_send_whatever_its_variables_are_called(
    wide: str, narrow: str, covered: bool
) -> None:
    assert covers(shape_of(wide), shape_of(narrow)) is covered


@pytest.mark.parametrize(
    ("method", "path", "answers"),
    [
        ("POST", "/a/b", "/a/b"),
        ("GET", "/a/b", None),  # the most specific path has the request, and lacks the method
        ("GET", "/a/c", "/a/{x}"),
        ("POST", "/a/c", None),
        ("GET", "/a/c/d", "/{all+}"),
        ("GET", "/any", "/any"),
        ("DELETE", "/any", "/any"),
    ],
)
def test_the_most_specific_path_answers_or_nothing_does(method: str, path: str, answers: str | None) -> None:
    document = read(
        api(answered("POST /a/b", "GET /a/{x}", "GET /{all+}", "GET /any", "x-amazon-apigateway-any-method /any"))
    )
    found = document.answering(method, path)
    assert (found.path if found else None) == answers


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("/embed/v1/models", "embed"),
        ("/embed", None),
        ("/embed/v12", None),
        ("/team/a/b", "inner"),
        ("/team/c", "team"),
    ],
)
def test_a_path_belongs_to_the_model_with_the_longest_path_above_it(path: str, model: str | None) -> None:
    models = {"embed": "/embed/v1", "team": "/team", "inner": "/team/a"}
    (found,) = read(api(answered(f"POST {path}"), models=models)).operations
    assert found.model == model


@pytest.mark.parametrize("models", [None, [], "embed", 1, {"embed": ["/embed"]}, {"embed": {"Ref": "X"}}])
def test_models_that_cannot_be_read_leave_paths_without_one(models: Any) -> None:
    (found,) = read(api(answered("POST /embed"), models=models)).operations
    assert found.model is None


@pytest.mark.parametrize(
    ("security", "asks"),
    [
        ([{"api_key": []}], True),
        ([{"api_key": []}, {}], False),
        ([{}], False),
        ([], False),
        ({"Ref": "Security"}, False),
        ([{"of another name": []}], False),
        (None, False),
    ],
)
def test_an_operation_asks_for_a_key_if_no_way_leads_around_it(security: Any, asks: bool) -> None:
    (found,) = read(api({"POST /a": operation() | {"security": security}})).operations
    assert found.asks_for_key is asks


def test_what_all_operations_ask_for_counts_where_one_says_nothing() -> None:
    open_ = {name: value for name, value in operation().items() if name != "security"}
    (found,) = read(api({"POST /a": open_}, security=[{"api_key": []}])).operations
    assert found.asks_for_key


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"Fn::Transform": {"Name": "AWS::Include"}}, "it is no object"),
        ("text", "it is no object"),
        ({"paths": []}, "its paths are no object"),
        ({"paths": {"Ref": "Paths"}}, "its paths are no object"),
        ({"paths": {"/a": []}}, "a path is no object"),
        ({"paths": {"/a": {"post": 1}}}, "an operation is no object"),
        ({"paths": {"/{a}": {}, "/{b}": {}}}, "two of its paths differ in the names of variables alone"),
        ({"x-amazon-apigateway-gateway-responses": 1}, "its gateway responses are no object"),
    ],
)
def test_what_cannot_be_compared_by_method_and_path_says_why(body: Any, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        read(with_body(body))
