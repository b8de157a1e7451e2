"""Runs in .venv-oip: NVIDIA's client asks for one inference. Usage: triton_client.py <host:port/path> <key>."""

import sys

import numpy as np
from tritonclient.http import InferenceServerClient, InferInput

client = InferenceServerClient(sys.argv[1])
flower = InferInput("flower", [1, 4], "FP32")
flower.set_data_from_numpy(np.zeros((1, 4), np.float32), binary_data=False)
answer = client.infer("iris", [flower], headers={"x-api-key": sys.argv[2]})
print(answer.as_numpy("species")[0])
