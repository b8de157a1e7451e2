"""Predicts the species of irises. Pure Python and a few numbers: the function has no packages to install.

Takes `{"instances": [[5.1, 3.5, 1.4, 0.2]]}`, answers
`{"predictions": [{"label": "setosa", "probabilities": {"setosa": 0.98, ...}}]}`.
"""

import base64
import json
import math
from pathlib import Path
from typing import Any

MODEL = json.loads((Path(__file__).parent / "model.json").read_text())
LONGEST_CM = 100
MOST_INSTANCES = 1000


class BadRequestError(ValueError):
    """The caller's mistake; the message is for the caller."""


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    try:
        return answer(200, {"predictions": [predict(instance) for instance in read_instances(event)]})
    except BadRequestError as error:
        return answer(400, {"message": str(error)})


def read_instances(event: dict[str, Any]) -> list[list[float]]:
    """The measurements in the body of a proxy event, which is in base64: the gateway takes any body for binary."""
    try:
        body = event.get("body") or ""
        payload = json.loads(base64.b64decode(body) if event.get("isBase64Encoded") else body)
    except (ValueError, RecursionError) as error:
        raise BadRequestError('the body is not JSON; send {"instances": [[5.1, 3.5, 1.4, 0.2]]}') from error
    instances = payload.get("instances") if isinstance(payload, dict) else None
    if not isinstance(instances, list) or not 1 <= len(instances) <= MOST_INSTANCES:
        raise BadRequestError(f'the body needs "instances", a list with 1 to {MOST_INSTANCES} rows of measurements')
    for index, instance in enumerate(instances):
        check(index, instance)
    return instances


def check(index: int, instance: Any) -> None:
    names = ", ".join(MODEL["features"])
    if not isinstance(instance, list) or len(instance) != len(MODEL["features"]):
        raise BadRequestError(f"instances[{index}] is not a list of {len(MODEL['features'])} numbers: {names}")
    for name, value in zip(MODEL["features"], instance, strict=True):
        # Also refuses NaN, and True, which is a number to Python.
        if type(value) not in (int, float) or not 0 <= value <= LONGEST_CM:
            raise BadRequestError(f"instances[{index}]: {name} is not a number from 0 to {LONGEST_CM}")


def predict(instance: list[float]) -> dict[str, Any]:
    """The softmax of one linear score for each label."""
    scores = [
        intercept + sum(weight * value for weight, value in zip(weights, instance, strict=True))
        for intercept, weights in zip(MODEL["intercepts"], MODEL["coefficients"], strict=True)
    ]
    # Relative to the highest score, so that no exponential overflows.
    exponentials = [math.exp(score - max(scores)) for score in scores]
    total = sum(exponentials)
    shares = [exponential / total for exponential in exponentials]
    probabilities = dict(zip(MODEL["labels"], shares, strict=True))
    return {"label": max(probabilities, key=probabilities.__getitem__), "probabilities": probabilities}


def answer(status: int, body: dict[str, Any]) -> dict[str, Any]:
    return {"statusCode": status, "headers": {"Content-Type": "application/json"}, "body": json.dumps(body)}
