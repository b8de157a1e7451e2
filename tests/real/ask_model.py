"""Runs in .venv-oip: NVIDIA's client asks a model everything that the protocol has a question for.

Usage: ask_model.py <host:port/path> '<headers as JSON>' '<flowers as JSON>'. Prints the answers as JSON.
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
    url, headers, flowers = sys.argv[1], json.loads(sys.argv[2]), np.array(json.loads(sys.argv[3]))
    client = InferenceServerClient(url, connection_timeout=SECONDS, network_timeout=SECONDS)
    # The client writes into the headers that it is given: each call gets its own.
    print(
        json.dumps(
            {
                "server is live": client.is_server_live(headers=dict(headers)),
                "server is ready": client.is_server_ready(headers=dict(headers)),
                "model is ready": client.is_model_ready(MODEL, headers=dict(headers)),
                "version is ready": client.is_model_ready(MODEL, "v1", headers=dict(headers)),
                "server": client.get_server_metadata(headers=dict(headers)),
                "model": client.get_model_metadata(MODEL, headers=dict(headers)),
                "predictions": infer(client, flowers, headers),
                "predictions of the version": infer(client, flowers, headers, version="v1"),
                "another version": error_of(infer, client, flowers, headers, version="v2"),
                "list of the repository": error_of(client.get_model_repository_index, headers=dict(headers)),
            }
        )
    )


def infer(client: Any, flowers: Any, headers: dict[str, str], version: str = "") -> Any:
    flower_input = InferInput("flowers", list(flowers.shape), "FP64")
    # MLServer reads JSON over HTTP, not the binary extension.
    flower_input.set_data_from_numpy(flowers, binary_data=False)
    headers = {**headers, "Content-Type": "application/json"}
    result = client.infer(MODEL, [flower_input], model_version=version, headers=headers)
    return result.as_numpy("predict").ravel().tolist()


def error_of(ask: Any, *arguments: Any, **options: Any) -> Any:
    try:
        return {"no error but": str(ask(*arguments, **options))}
    except InferenceServerException as error:
        return {"status": error.status(), "message": error.message()}


if __name__ == "__main__":
    main()
