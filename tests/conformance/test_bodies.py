"""Bodies arrive byte for byte, both ways.

LocalStack never converts the body of an HTTP proxy integration, so this does not show that the API's binary media
types are right: the templates' tests do.
"""

import json

import pytest

from conformance.deployed_api import DeployedApi
from conformance.recording_backend import Headers, Reply
from tests.e2e.test_backends_with_care import npy, png

pytestmark = pytest.mark.conformance


JSON = json.dumps({"prompt": "Grüße, 世界 🚀", "nan": float("nan")}, ensure_ascii=False).encode()

BODIES = {
    "image/png": png(),
    "application/x-npy": npy(),
    "application/octet-stream": bytes(range(256)) * 4096,
    "application/json": JSON,
    "application/json; charset=utf-8": b'{"whitespace":   "stays"}\r\n',
    "text/plain": b"not \xff UTF-8",
}


@pytest.mark.parametrize("content_type", BODIES)
@pytest.mark.parametrize("accept", ["*/*", "application/json", "the type itself", "application/json, */*", None])
def test_body_arrives_byte_for_byte_both_ways(deployed: DeployedApi, content_type: str, accept: str | None) -> None:
    body = BODIES[content_type]
    typed: Headers = (("Content-Type", content_type),)
    accepts: Headers = () if accept is None else (("Accept", content_type if accept == "the type itself" else accept),)
    exchange = deployed.send(
        "POST", "/model", headers=(*deployed.credentials, *typed, *accepts), body=body, reply=Reply(headers=typed)
    )
    (received,) = exchange.received
    assert (received.values("Content-Type"), received.body) == ([content_type], body)
    assert (exchange.answer.content_type, exchange.answer.body) == (content_type, body)


def test_get_arrives_without_a_body(deployed: DeployedApi) -> None:
    (received,) = deployed.send("GET", "/model", headers=deployed.credentials).received
    assert received.body == b""


def test_answer_without_a_type_is_called_json(deployed: DeployedApi) -> None:
    """API Gateway developer guide, important notes: "By default, the content type is application/json"."""
    reply = Reply(headers=(), body=b"plain")
    assert deployed.send("POST", "/model", headers=deployed.credentials, reply=reply).answer.content_type == (
        "application/json"
    )
