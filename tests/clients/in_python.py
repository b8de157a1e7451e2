"""Each client of Python against a base URL: what it is answered."""

import json
import subprocess
from collections.abc import Callable
from typing import Any, Final

import boto3  # type: ignore[import-untyped]  # it has no stubs
from botocore import UNSIGNED  # type: ignore[import-untyped]  # nor has this
from botocore.config import Config  # type: ignore[import-untyped]  # nor this

from tests.functions.edge_runtime import NODE
from tests.synthesis import TOP

HELLO: Final[Any] = [{"role": "user", "content": "hello"}]
SECONDS: Final = 60

Call = Callable[[str, str], str]
"""From the base URL and the key to the answer."""


def openai_sdk(base: str, key: str) -> str:
    import openai

    with openai.OpenAI(base_url=base, api_key=key) as client:
        return str(client.chat.completions.create(model="llama", messages=HELLO).choices[0].message.content)


def azure_openai(base: str, key: str) -> str:
    import openai

    with openai.AzureOpenAI(azure_endpoint=base, api_key=key, api_version="2024-10-21") as client:
        return str(client.chat.completions.create(model="azure", messages=HELLO).choices[0].message.content)


def anthropic_sdk(base: str, key: str) -> str:
    import anthropic

    with anthropic.Anthropic(base_url=base, api_key=key) as client:
        message = client.messages.create(model="claude", max_tokens=9, messages=[{"role": "user", "content": "hello"}])
        return str(message.content[0].text)  # type: ignore[union-attr]  # the stand-in answers with text


def sagemaker_runtime(base: str, key: str) -> str:
    """Unsigned: nobody verifies a signature for SageMaker here, and the gateway signs with its own role."""
    client: Any = boto3.client(
        "sagemaker-runtime", region_name="us-east-1", endpoint_url=base, config=Config(signature_version=UNSIGNED)
    )
    client.meta.events.register("before-call", lambda params, **_: params["headers"].update({"x-api-key": key}))
    answer = client.invoke_endpoint(EndpointName="fraud", ContentType="application/json", Body=b"{}")
    return str(json.loads(answer["Body"].read())["answer"])


def curl(base: str, key: str) -> str:
    return run("curl", "-sS", "--fail", "--max-time", "30", base, "-H", f"x-api-key: {key}", "--json", "{}")


def in_node(sdk: str) -> Call:
    return lambda base, key: run(str(NODE), str(TOP / "tests" / "clients" / "in_node.mjs"), sdk, base, key)


def triton(base: str, key: str) -> str:
    """In the environment that tests/real has; its URL has no scheme."""
    python = TOP / ".venv-oip" / "bin" / "python"
    return run(str(python), str(TOP / "tests" / "clients" / "triton_client.py"), base, key)


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
