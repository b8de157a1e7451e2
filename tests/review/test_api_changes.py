"""The table of an API: what changes of which model, in the words of the file, and never as paths into a document."""

from typing import Any

import pytest

from ml_gateway.review.assembly import Resource
from ml_gateway.review.comment import LONGEST_COMMENT
from ml_gateway.review.replacement import Replacement, replacement
from tests.review.apis import EMBED, answered, api, operation, rows, with_body
from tests.review.assemblies import resource
from tests.review.conftest import ReviewResources
from tests.synthesis import Json

URL = "https://model.example.com"
ERRORS = "x-amazon-apigateway-gateway-responses"


def arn(endpoint: str) -> Json:
    return {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":path/endpoints/{endpoint}/invocations"]]}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (operation("https://a.com/v"), operation("https://b.com/v"), "backend: https://a.com → https://b.com"),
        (operation("https://a.com"), operation("https://a.com/x"), "backend: https://a.com → https://a.com/x"),
        (
            operation(arn("one")),
            operation(arn("two")),
            "backend: arn:${AWS::Partition}:path/endpoints/one → arn:${AWS::Partition}:path/endpoints/two",
        ),
        (operation(), operation(timeoutInMillis=10_000), "timeout: 29s → 10s"),
        (operation(), operation(timeoutInMillis=900_000), "timeout: 29s → 15m"),
        (operation(), operation(timeoutInMillis=50), "timeout: 29s → 50ms"),
        (operation(), operation(timeoutInMillis={"Ref": "T"}), 'timeout: 29s → {"Ref": "T"}'),
        (operation(), operation(responseTransferMode="STREAM"), "stream: false → true"),
        (operation(), operation(httpMethod="PUT"), "backend's method: POST → PUT"),
        (operation(), operation(type="aws"), "integration: http_proxy → aws"),
        (operation(), operation(connectionId="v"), "VPC link: (none) → v"),
        (operation(), operation(integrationTarget="l"), "load balancer: (none) → l"),
        (operation(), operation(credentials={"Fn::GetAtt": ["R", "Arn"]}), None),
        (
            operation(requestParameters={"integration.request.header.X-A": "'1'"}),
            operation(requestParameters={"integration.request.header.X-A": "'2'"}),
            "header X-A: '1' → '2'",
        ),
        (operation(), operation() | {"security": []}, 'security: [{"api_key": []}] → []'),
        (
            operation(responses={"default": {"statusCode": "200"}}),
            operation(responses={"default": {"statusCode": "201"}}),
            "integration.responses.default.statusCode: 200 → 201",
        ),
    ],
)
def test_a_changed_operation_is_told_in_the_words_of_the_file(
    old: Json, new: Json, told: str | None, review_resources: ReviewResources
) -> None:
    models = {"predict": "/predict"}
    review = review_resources(api({"POST /predict": old}, models=models), api({"POST /predict": new}, models=models))
    (row,) = rows(
        review.comment.replace("&#36;", "$").replace("&#91;", "[").replace("&#93;", "]").replace("&#95;", "_")
    )
    assert row.startswith("| changed | model predict | POST /predict | ")
    assert told is None or row.endswith(f" | {told} |")
    assert "Body" not in review.comment


def test_operations_that_change_alike_are_one_row(review_resources: ReviewResources) -> None:
    def gateway(url: str, **integration: Any) -> Json:
        return api(
            {name: operation(url + name.split("/embed")[1], **integration) for name in EMBED},
            models={"embed": "/embed/v1"},
        )

    review = review_resources(gateway("https://a.com"), gateway("https://b.com", timeoutInMillis=1000))
    assert rows(review.comment) == [
        "| changed | model embed | GET /embed/v1/models<br>GET /embed/v1/models/embed<br>POST /embed/v1/embeddings "
        "| backend: https://a.com → https://b.com<br>timeout: 29s → 1s |"
    ]


def test_a_model_that_comes_or_goes_is_one_row(review_resources: ReviewResources) -> None:
    many = answered(*(f"POST /many/{number}" for number in range(9)))
    one, two = api(answered("POST /a"), models={"a": "/a"}), api(many, models={"many": "/many"})
    review = review_resources(one, two)
    assert rows(review.comment) == ["| removed | model a | POST /a |  |", "| added | model many | all 9 |  |"]


def test_some_of_many_operations_are_named_and_the_rest_counted(review_resources: ReviewResources) -> None:
    names = [f"POST /many/{number}" for number in range(9)]
    old, new = (api(answered(*some), models={"many": "/many"}) for some in (names, names[:4]))
    (row,) = rows(review_resources(old, new).comment)
    assert row == "| removed | model many | POST /many/4<br>POST /many/5<br>POST /many/6<br>and 2 more |  |"


def test_a_renamed_variable_is_another_path_and_nothing_else(review_resources: ReviewResources) -> None:
    def gateway(name: str) -> Json:
        mapped = {f"integration.request.path.{name}": f"method.request.path.{name}"}
        proxy = operation(f"{URL}/{{{name}}}", requestParameters=mapped)
        return api({f"POST /fraud/{{{name}}}": proxy | {"parameters": [{"name": name, "in": "path"}]}})

    review = review_resources(gateway("id"), gateway("score"))
    assert rows(review.comment) == ["| changed |  | POST /fraud/{id} | path: /fraud/{id} → /fraud/{score} |"]
    assert review.status == 0


def test_errors_are_rows_and_so_is_the_rest_of_the_document(review_resources: ReviewResources) -> None:
    def gateway(status: str, name: str, version: str) -> Json:
        errors = {"THROTTLED": {"statusCode": status}, name: {"statusCode": "400"}}
        return api(answered("POST /a"), **{ERRORS: errors}, info={"version": version})

    assert rows(review_resources(gateway("429", "OLD", "1"), gateway("430", "NEW", "2")).comment) == [
        "| changed | the document |  | info.version: 1 → 2 |",
        "| removed | errors | OLD |  |",
        "| changed | errors |  | THROTTLED.status: 429 → 430 |",
        "| added | errors | NEW |  |",
    ]


def test_a_document_that_says_the_same_otherwise_has_no_table(review_resources: ReviewResources) -> None:
    review = review_resources(api(answered("POST /a")), api({"POST /a": operation(responseTransferMode="BUFFERED")}))
    assert rows(review.comment) == []
    assert "the document, which says the same in other words |" in review.comment


@pytest.mark.parametrize("gone", [True, False])
@pytest.mark.parametrize("hostile", ["a|b", "<script>", "`c`", "@x", "\u202e", "</code>", "[g](http://h)"])
def test_nothing_of_a_document_is_markdown(hostile: str, gone: bool, review_resources: ReviewResources) -> None:
    names = {f"{hostile}1": {"Ref": hostile}}
    theirs = api({f"POST /{hostile}1": operation()}, models={f"{hostile}1": f"/{hostile}1"}, **{ERRORS: names}, i=names)
    ours = api(answered("POST /a"))
    comment = review_resources(*((theirs, ours) if gone else (ours, theirs))).comment
    assert comment.count("1</code>") >= 3
    assert f"{hostile}1" not in comment


def test_a_document_of_any_size_fits_into_the_comment(review_resources: ReviewResources) -> None:
    names = [f"POST /{'|' * 200}{number}" for number in range(2000)]
    errors: Json = {f"{'|' * 200}{number}": {} for number in range(2000)}
    review = review_resources(api(answered(*names), **{ERRORS: errors}), api(answered("POST /a")))
    assert review.status == 1
    assert len(review.comment) <= LONGEST_COMMENT
    assert "lines left out: " in review.comment


def test_another_document_replaces_no_api() -> None:
    old, new = (Resource.model_validate(with_body({"paths": {}, "info": name})["Api"]) for name in "ab")
    assert replacement(old, new) is Replacement.NO


def test_a_deployment_that_is_taken_anew_is_one_row(review_resources: ReviewResources) -> None:
    def gateway(number: int) -> Json:
        return {
            f"Deployment{number}": resource("AWS::ApiGateway::Deployment", RestApiId={"Ref": "Api"}),
            "Stage": resource("AWS::ApiGateway::Stage", DeploymentId={"Ref": f"Deployment{number}"}),
            **api({"POST /a": operation(timeoutInMillis=number * 1000)}),
        }

    review = review_resources(gateway(1), gateway(2))
    assert review.status == 0
    assert "2 changed\n" in review.comment
    assert "now <code>Deployment2</code>, which has the API as it is then |" in review.comment
    assert "Stage" not in review.comment


def test_deployments_of_different_apis_are_not_taken_for_each_other(review_resources: ReviewResources) -> None:
    def gateway(name: str) -> Json:
        return {f"Deployment{name}": resource("AWS::ApiGateway::Deployment", RestApiId={"Ref": name})}

    assert "1 removed, 1 added\n" in review_resources(gateway("One"), gateway("Two")).comment
