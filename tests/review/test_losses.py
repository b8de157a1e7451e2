"""What callers of an API lose needs the label, and is said in the words of the file; what they keep needs none."""

from pathlib import Path
from typing import Any

import pytest

from ml_gateway.review.guards import LABEL
from tests.review.apis import EMBED, answered, api, lost, operation, with_body
from tests.review.assemblies import resource, write_assembly
from tests.review.conftest import ReviewResources, RunReview
from tests.synthesis import Json

MODELS = {"embed": "/embed/v1", "predict": "/predict"}
OLD = api(answered(*EMBED, "POST /predict"), models=MODELS)
WITHOUT_EMBED = api(answered("POST /predict"), models={"predict": "/predict"})

ERRORS = "x-amazon-apigateway-gateway-responses"


def distribution(*aliases: Any) -> Json:
    return {"Edge": resource("AWS::CloudFront::Distribution", DistributionConfig={"Aliases": list(aliases)})}


def error(status: str, body: Any) -> dict[str, Json]:
    return {ERRORS: {"THROTTLED": {"statusCode": status, "responseTemplates": {"application/json": body}}}}


def test_a_model_that_is_gone_is_one_line(review_resources: ReviewResources) -> None:
    review = review_resources(OLD, WITHOUT_EMBED)
    assert review.status == 1
    assert f"**This needs the label `{LABEL}`**" in review.comment
    assert lost(review.comment) == ["model embed: https://<distribution>/embed/v1 stops answering"]


@pytest.mark.parametrize(
    ("edges", "domain"),
    [
        ({"acme-edge": distribution("ml.acme.com")}, "ml.acme.com"),
        ({"acme-edge": distribution("ml.acme.com"), "other-edge": distribution("other.com")}, "ml.acme.com"),
        ({"theirs": distribution("ml.acme.com")}, "ml.acme.com"),
        ({"theirs": distribution("a.com"), "also": distribution("b.com")}, "<distribution>"),
        ({"acme-edge": distribution()}, "<distribution>"),
        ({"acme-edge": distribution({"Ref": "Domain"})}, "<distribution>"),
        ({"acme-edge": {"Edge": resource("AWS::CloudFront::Distribution")}}, "<distribution>"),
    ],
)
def test_the_address_is_the_one_that_callers_know(
    edges: dict[str, Json], domain: str, tmp_path: Path, run_review: RunReview
) -> None:
    old = write_assembly(tmp_path / "old", {"acme-api": OLD, **edges})
    new = write_assembly(tmp_path / "new", {"acme-api": WITHOUT_EMBED, **edges})
    assert f"model embed: https://{domain}/embed/v1 stops answering" in lost(run_review(old, new).comment)


def test_a_model_that_moved_says_where_it_answers_now(tmp_path: Path, run_review: RunReview) -> None:
    moved = api(
        answered(*(name.replace("/embed", "/team/e", 1) for name in EMBED), "POST /predict"),
        models={**MODELS, "embed": "/team/e/v1"},
    )
    old = write_assembly(tmp_path / "old", {"acme-api": OLD, "acme-edge": distribution("old.com")})
    new = write_assembly(tmp_path / "new", {"acme-api": moved, "acme-edge": distribution("new.com")})
    assert lost(run_review(old, new).comment) == [
        "model embed: https://old.com/embed/v1 stops answering; the model answers at https://new.com/team/e/v1 now",
        "https://old.com answers no more once the edge is deployed (`edge.domain`)",
    ]


def test_a_model_of_another_protocol_at_the_same_path_says_so(review_resources: ReviewResources) -> None:
    old = api(answered("GET /m/v2", "POST /m/v2/infer"), models={"m": "/m"})
    new = api(answered("GET /m/v1", "POST /m/v1/predict"), models={"m": "/m"})
    assert lost(review_resources(old, new).comment) == [
        "model m: https://<distribution>/m stops answering as it did; other operations answer there now"
    ]


def test_a_model_that_keeps_some_operations_names_those_that_it_loses(review_resources: ReviewResources) -> None:
    review = review_resources(OLD, api(answered(EMBED[0], "POST /predict"), models=MODELS))
    assert review.status == 1
    assert lost(review.comment) == [
        "model embed: GET /embed/v1/models stops answering",
        "model embed: GET /embed/v1/models/embed stops answering",
    ]


@pytest.mark.parametrize(
    ("before", "now", "names"),
    [
        (None, {"m": "m_onnx"}, ("m", "m_onnx")),
        ({"m": "m_onnx"}, None, ("m_onnx", "m")),
        ({"m": "a"}, {"m": "b"}, ("a", "b")),
    ],
)
def test_a_model_that_its_paths_call_otherwise_is_one_line(
    before: Json | None, now: Json | None, names: tuple[str, str], review_resources: ReviewResources
) -> None:
    """Its key in the file, and the path that follows from it, stay."""

    def served(name: str) -> dict[str, Json]:
        return answered("GET /m/v2", f"POST /m/v2/models/{name}/infer", f"POST /m/v1/models/{name}:predict")

    old, new = (served(name) for name in names)
    review = review_resources(
        api(old | answered("GET /m/gone"), models={"m": "/m"}, served_as=before),
        api(new, models={"m": "/m"}, served_as=now),
    )
    assert review.status == 1
    assert lost(review.comment) == [
        f"model m: its paths call it {names[1]}, no longer {names[0]}; 2 of its operations answer under that name, as "
        f"POST /m/v2/models/{names[0]}/infer did",
        "model m: GET /m/gone stops answering",
    ]


def test_an_api_that_names_no_models_names_operations(review_resources: ReviewResources) -> None:
    review = review_resources(api(answered("GET /a", "POST /a")), api(answered("POST /a")))
    assert (review.status, lost(review.comment)) == (1, ["GET /a stops answering"])


@pytest.mark.parametrize(
    ("old", "new", "keeps"),
    [
        ("POST /fraud/{id}", "POST /fraud/{score}", True),
        ("POST /fraud/{id}", "POST /fraud/{id+}", True),
        ("POST /fraud/{id+}", "POST /fraud/{id}", False),
        ("POST /fraud/{id}", "POST /fraud/one", False),
        ("POST /fraud", "GET /fraud", False),
        ("POST /fraud", "x-amazon-apigateway-any-method /fraud", True),
        ("x-amazon-apigateway-any-method /fraud", "POST /fraud", False),
    ],
)
def test_what_still_answers_the_same_requests_is_no_loss(
    old: str, new: str, keeps: bool, review_resources: ReviewResources
) -> None:
    review = review_resources(api(answered(old)), api(answered(new)))
    assert review.status == (0 if keeps else 1)
    assert (lost(review.comment) == []) is keeps


def test_another_backend_and_another_timeout_are_no_loss(review_resources: ReviewResources) -> None:
    new = api({"POST /a": operation("https://b.example.com", timeoutInMillis=10_000)})
    assert review_resources(api(answered("POST /a")), new).status == 0


@pytest.mark.parametrize("models", [None, {"m": "/a"}])
def test_an_operation_that_asks_for_no_key_any_more_is_said_loudly(
    models: Any, review_resources: ReviewResources
) -> None:
    new = api({"POST /a": operation() | {"security": []}}, models=models)
    review = review_resources(api(answered("POST /a"), models=models), new)
    assert review.status == 1
    (line,) = lost(review.comment)
    assert line.endswith("POST /a **answers without any key**")


def test_a_scheme_that_is_gone_unlocks_what_asks_for_it(review_resources: ReviewResources) -> None:
    review = review_resources(api(answered("POST /a")), api(answered("POST /a"), components={}))
    assert lost(review.comment) == ["POST /a **answers without any key**"]


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        (error("429", '{"message": "a", "code": "b"}'), error("429", '{"message": "c", "code": "b"}'), 0),
        (error("429", '{"message": "a", "code": "b"}'), error("429", '{"message": "a", "code": "c"}'), 1),
        (error("429", '{"error": "a", "code": "b"}'), error("429", '{"error": "c", "code": "b"}'), 0),
        (error("429", '{"message": "a"}'), error("429", '{"error": {"message": "a"}}'), 1),
        (error("429", '{"message": "a"}'), error("400", '{"message": "a"}'), 1),
        (error("429", '{"message": "a"}'), {}, 1),
        ({}, error("429", '{"message": "a"}'), 1),
        (error("429", "no JSON"), error("429", "other"), 1),
        (error("429", {"Ref": "A"}), error("429", {"Ref": "B"}), 1),
    ],
)
def test_errors_that_programs_read_otherwise_need_the_label(
    old: Json, new: Json, status: int, review_resources: ReviewResources
) -> None:
    """Everything but other words in `message`, or in an `error` that is one text: they are for people."""
    review = review_resources(api(answered("POST /a"), **old), api(answered("POST /a"), **new))
    assert review.status == status
    told = "errors: 1 of the API's own answers get another status or body, by which clients tell them"
    assert lost(review.comment) == [told] * status


def test_a_document_that_cannot_be_read_needs_the_label_and_says_why(review_resources: ReviewResources) -> None:
    review = review_resources(OLD, with_body({"paths": {"Fn::If": ["C", {}, {}]}}))
    assert review.status == 1
    assert lost(review.comment) == [
        "nobody can tell from the document of the API what callers lose: its paths are no object"
    ]
    assert "the document cannot be compared by method and path: its paths are no object<br>" in review.comment


def test_an_api_without_a_document_any_more_has_lost_all(review_resources: ReviewResources) -> None:
    review = review_resources(OLD, {"Api": resource("AWS::ApiGateway::RestApi")})
    assert len(lost(review.comment)) == 2


def test_the_first_document_of_an_api_takes_nothing(tmp_path: Path, run_review: RunReview) -> None:
    old = write_assembly(tmp_path / "before", {"stack": {"Api": resource("AWS::ApiGateway::RestApi")}})
    assert run_review(old, write_assembly(tmp_path / "after", {"stack": OLD})).status == 0
