#!/usr/bin/env python3
"""Train the model and write its coefficients where the function reads them.

.venv/bin/python examples/lambda_model/train.py

Needs scikit-learn; the function does not. Rounded, because the last digits differ from one machine to the next.
"""

import json
from pathlib import Path
from typing import Final

from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

MODEL: Final = Path(__file__).parent / "function" / "model.json"


def train() -> LogisticRegression:
    """A multinomial logistic regression of the iris data set: 4 measurements in cm, 3 species."""
    iris = load_iris()
    return LogisticRegression(max_iter=1000, tol=1e-8).fit(iris.data, iris.target)


def render(model: LogisticRegression) -> str:
    """What the function needs of `model`: one intercept and one row of coefficients for each label."""
    iris = load_iris()
    parameters = {
        "features": list(iris.feature_names),
        "labels": [str(label) for label in iris.target_names],
        "intercepts": [round(intercept, 4) for intercept in model.intercept_.tolist()],
        "coefficients": [[round(value, 4) for value in row] for row in model.coef_.tolist()],
    }
    return json.dumps(parameters, indent=2) + "\n"


if __name__ == "__main__":
    MODEL.write_text(render(train()))
