"""The function: what it may do, who may call it, and whether its answers are right."""

import base64
import json
from typing import Any

import pytest
from sklearn.datasets import load_iris

from examples.lambda_model.app import FUNCTION
from examples.lambda_model.function.handler import MOST_INSTANCES, handler
from examples.lambda_model.train import MODEL, render, train
from tests.documents import integration_of
from tests.examples.reading import statements
from tests.synthesis import Json, only, resources

SETOSA = [5.1, 3.5, 1.4, 0.2]


def call(body: Any, *, binary: bool = True) -> tuple[int, Json]:
    """Status and body of the answer to a proxy event with `body`, as API Gateway would send it."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    event = {"body": base64.b64encode(raw).decode() if binary else raw.decode(), "isBase64Encoded": binary}
    answer = handler(event, None)
    assert answer["headers"] == {"Content-Type": "application/json"}
    return answer["statusCode"], json.loads(answer["body"])


def test_the_function_predicts_what_scikit_learn_does_for_the_whole_data_set() -> None:
    iris, model = load_iris(), train()
    status, body = call({"instances": iris.data.tolist()})
    assert status == 200
    expected = [str(iris.target_names[index]) for index in model.predict(iris.data)]
    assert [prediction["label"] for prediction in body["predictions"]] == expected
    assert len(expected) == 150
    probabilities = [list(prediction["probabilities"].values()) for prediction in body["predictions"]]
    assert probabilities == [pytest.approx(row, abs=1e-3) for row in model.predict_proba(iris.data).tolist()]


def test_the_model_file_is_what_the_script_writes() -> None:
    written, expected = json.loads(MODEL.read_text()), json.loads(render(train()))
    assert written.keys() == expected.keys()
    assert written["features"] == expected["features"]
    assert written["labels"] == expected["labels"]
    # The last digit may differ from one machine to the next.
    assert written["intercepts"] == pytest.approx(expected["intercepts"], abs=2e-4)
    assert written["coefficients"] == [pytest.approx(row, abs=2e-4) for row in expected["coefficients"]]


def test_the_model_is_part_of_the_asset() -> None:
    assert MODEL.parent == FUNCTION
    assert {path.name for path in FUNCTION.iterdir()} - {"__pycache__"} == {"handler.py", "model.json"}


@pytest.mark.parametrize("binary", [True, False])
def test_a_body_is_read_in_base64_and_as_it_is(binary: bool) -> None:
    status, body = call({"instances": [SETOSA]}, binary=binary)
    assert status == 200
    (prediction,) = body["predictions"]
    assert prediction["label"] == "setosa"
    assert sum(prediction["probabilities"].values()) == pytest.approx(1)


@pytest.mark.parametrize("instance", [[0, 0, 0, 0], [100, 100, 100, 100], [100, 0, 100, 0], [0, 100, 0, 100]])
def test_the_farthest_measurements_have_probabilities_too(instance: list[int]) -> None:
    status, body = call({"instances": [instance]})
    assert status == 200
    assert sum(body["predictions"][0]["probabilities"].values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "the body is not JSON"),
        (b"{", "the body is not JSON"),
        (b"\xff\xfe\xfd", "the body is not JSON"),
        (b"[" * 100_000, "the body is not JSON"),
        ([SETOSA], 'the body needs "instances", a list with 1 to 1000 rows'),
        ({}, 'the body needs "instances"'),
        ({"instances": []}, 'the body needs "instances"'),
        ({"instances": "setosa"}, 'the body needs "instances"'),
        ({"instances": [SETOSA] * (MOST_INSTANCES + 1)}, 'the body needs "instances"'),
        ({"instances": SETOSA}, "instances[0] is not a list of 4 numbers: sepal length (cm), "),
        ({"instances": [SETOSA, SETOSA[:3]]}, "instances[1] is not a list of 4 numbers"),
        ({"instances": [[*SETOSA[:3], "0.2"]]}, "instances[0]: petal width (cm) is not a number from 0 to 100"),
        ({"instances": [[True, 3.5, 1.4, 0.2]]}, "instances[0]: sepal length (cm) is not a number"),
        ({"instances": [[None, 3.5, 1.4, 0.2]]}, "instances[0]: sepal length (cm) is not a number"),
        ({"instances": [[-0.1, 3.5, 1.4, 0.2]]}, "instances[0]: sepal length (cm) is not a number"),
        ({"instances": [[10**400, 3.5, 1.4, 0.2]]}, "instances[0]: sepal length (cm) is not a number"),
        (b'{"instances": [[NaN, 3.5, 1.4, 0.2]]}', "instances[0]: sepal length (cm) is not a number"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_bad_input_is_the_callers_mistake_and_said_so(body: Any, message: str) -> None:
    status, answer = call(body)
    assert status == 400
    assert answer["message"].startswith(message)


@pytest.mark.parametrize(
    "event", [{}, {"body": None}, {"body": "not base64!", "isBase64Encoded": True}], ids=["empty", "null", "garbage"]
)
def test_an_event_without_a_readable_body_is_refused(event: Json) -> None:
    assert handler(event, None)["statusCode"] == 400


def test_the_function_writes_to_its_own_log_and_may_do_nothing_else(lambda_model: Json) -> None:
    function = only(lambda_model, "AWS::Lambda::Function")
    log = function["LoggingConfig"]["LogGroup"]["Ref"]
    (statement,) = statements(lambda_model)
    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert statement["Resource"] == {"Fn::GetAtt": [log, "Arn"]}
    assert resources(lambda_model, "AWS::Logs::LogGroup")[log]["RetentionInDays"] == 90


def test_only_this_api_may_call_the_function(lambda_model: Json) -> None:
    (function,) = resources(lambda_model, "AWS::Lambda::Function")
    (rest_api,) = resources(lambda_model, "AWS::ApiGateway::RestApi")
    permission = only(lambda_model, "AWS::Lambda::Permission")
    assert permission["FunctionName"] == {"Fn::GetAtt": [function, "Arn"]}
    assert permission["Principal"] == "apigateway.amazonaws.com"
    assert {"Ref": rest_api} in permission["SourceArn"]["Fn::Join"][1]


def test_the_function_gives_up_before_the_api_does(lambda_model: Json) -> None:
    function = only(lambda_model, "AWS::Lambda::Function")
    assert function["Timeout"] * 1000 < integration_of(lambda_model)["timeoutInMillis"]
