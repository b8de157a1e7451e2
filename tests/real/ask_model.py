"""Runs in .venv-oip: NVIDIA's client asks a model everything that the protocol has a question for.

Usage: ask_model.py <host:port/path> '<flowers as JSON>'. Prints the answers as JSON.
"""

import json
import sys
from typing import Any

import numpy as np
from tritonclient.http import InferenceServerClient, InferInput
from tritonclient.utils import InferenceServerException

MODEL = "iris_1"
SECONDS = 60.0


def main() -> None:
    url, flowers = sys.argv[1], np.array(json.loads(sys.argv[2]))
    client = InferenceServerClient(url, connection_timeout=SECONDS, network_timeout=SECONDS)
    print(
        json.dumps(
            {
                "server is live": client.is_server_live(),
                "server is ready": client.is_server_ready(),
                "model is ready": client.is_model_ready(MODEL),
                "version is ready": client.is_model_ready(MODEL, "v1"),
                "server": client.get_server_metadata(),
                "model": client.get_model_metadata(MODEL),
                "predictions": infer(client, flowers),
                "predictions of the version": infer(client, flowers, version="v1"),
                "another version": error_of(infer, client, flowers, version="v2"),
                "list of the repository": error_of(client.get_model_repository_index),
            }
        )
    )


def infer(client: Any, flowers: Any, version: str = "") -> Any:
    flower_input = InferInput("flowers", list(flowers.shape), "FP64")
    # MLServer reads JSON over HTTP, not the binary extension.
    flower_input.set_data_from_numpy(flowers, binary_data=False)
    headers = {"Content-Type": "application/json"}
    result = client.infer(MODEL, [flower_input], model_version=version, headers=headers)
    return result.as_numpy("predict").ravel().tolist()


def error_of(ask: Any, *arguments: Any, **options: Any) -> Any:
    try:
        return {"no error but": str(ask(*arguments, **options))}
    except InferenceServerException as error:
        return {"status": error.status(), "message": error.message()}


if __name__ == "__main__":
    main()
