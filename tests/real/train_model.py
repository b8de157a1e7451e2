"""Runs in .venv-oip: trains a small model, saves it where MLServer finds it, and prints what it predicts itself.

Usage: train_model.py <directory>
"""

import json
import sys
from pathlib import Path

import joblib
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier

MODEL_FILE = "model.joblib"
EVERY = 7
"""Of the 150 flowers every seventh is asked for: some of each kind."""


def main() -> None:
    directory = Path(sys.argv[1])
    iris = load_iris()
    model = RandomForestClassifier(n_estimators=10, random_state=7).fit(iris.data, iris.target)
    joblib.dump(model, directory / MODEL_FILE)
    settings = {
        "name": "iris_1",
        "implementation": "mlserver_sklearn.SKLearnModel",
        "parameters": {"uri": f"./{MODEL_FILE}", "version": "v1"},
    }
    (directory / "model-settings.json").write_text(json.dumps(settings))
    flowers = iris.data[::EVERY]
    print(json.dumps({"flowers": flowers.tolist(), "predictions": model.predict(flowers).tolist()}))


if __name__ == "__main__":
    main()
