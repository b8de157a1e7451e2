"""What a Lambda function sees: the whole request, the gateway's own credentials included, and any body in base64.

That is the trust which docs/credentials.md speaks of; the other backends never get a key.
"""

import base64
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest

from ml_gateway.credentials import API_KEY_HEADER, ORIGIN_VERIFY_HEADER
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.cloud import Cloud
from ml_gateway.local.gateway import LocalGateway, deployed_gateway
from ml_gateway.local.http_client import Request
from ml_gateway.local.stand_ins import define_function
from ml_gateway.naming import EDGE_REGION
from ml_gateway.reading import load_config
from tests.e2e.quick_cdk import quick_cdk

pytestmark = pytest.mark.e2e

NAME: Final = "echo-event"
HANDLER: Final = """
import json

def handler(event, _context):
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps(event)}
"""
GATEWAY: Final = f"""
name: echo
regions: [{EDGE_REGION}]
backends:
  echo: {{type: lambda, function: {NAME}}}
models:
  echo: {{backend: echo, methods: [GET, POST]}}
plans:
  default: {{rate: 1000/s, burst: 1000}}
"""


@pytest.fixture(scope="module")
def echo(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalGateway]:
    """A gateway before a function that answers with the event it got."""
    file = tmp_path_factory.mktemp("echo") / "gateway.yaml"
    file.write_text(GATEWAY)
    define_function(CloudInventory(cloud).client("lambda"), NAME, {"handler.py": HANDLER})
    config = load_config(file)
    # No HTTP backend, so nothing leads to a model server.
    cdk = quick_cdk(config, cloud=cloud, model_server="http://localhost")
    with deployed_gateway(config, cloud=cloud, cdk=cdk) as gateway:
        yield gateway


@pytest.fixture(scope="module")
def secret(echo: LocalGateway) -> str:
    return CloudInventory(echo.cloud).secret(f"echo/origin/{echo.generation}", EDGE_REGION)


def event_of(gateway: LocalGateway, headers: Mapping[str, str] = {}, body: bytes | None = None) -> dict[str, Any]:
    """The event of a request through CloudFront."""
    method = "GET" if body is None else "POST"
    answer = gateway.edge.send(Request(method=method, path="/echo", body=body, headers=headers))
    assert answer.status == 200
    event: dict[str, Any] = answer.json()
    return event


def headers_of(event: dict[str, Any]) -> dict[str, str]:
    """MiniStack writes names of headers in its own way."""
    return {name.lower(): value for name, value in event["headers"].items()}


def test_event_carries_the_origin_secret(echo: LocalGateway, secret: str) -> None:
    assert headers_of(event_of(echo))[API_KEY_HEADER] == secret


@pytest.mark.parametrize("name", [API_KEY_HEADER, "X-API-KEY"])
def test_event_carries_the_origin_secret_in_place_of_what_a_viewer_sent(
    echo: LocalGateway, secret: str, name: str
) -> None:
    event = event_of(echo, {name: "of-the-viewer"})
    assert headers_of(event)[API_KEY_HEADER] == secret
    assert "of-the-viewer" not in str(event)


def test_event_carries_what_the_caller_sent_for_the_model(echo: LocalGateway) -> None:
    sent = {"authorization": "Bearer of-the-caller", "cookie": "session=1", ORIGIN_VERIFY_HEADER: "anything"}
    seen = headers_of(event_of(echo, sent))
    assert {name: seen[name] for name in sent} == sent


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/octet-stream", bytes(range(256))),
        ("application/json", '{"prompt": "Grüße"}'.encode()),
        ("text/plain; charset=utf-8", b"text"),
    ],
)
def test_any_body_arrives_in_base64_and_says_so(echo: LocalGateway, content_type: str, body: bytes) -> None:
    event = event_of(echo, {"Content-Type": content_type}, body)
    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"], validate=True) == body


def test_request_without_a_body_has_none(echo: LocalGateway) -> None:
    event = event_of(echo)
    assert (event["httpMethod"], event["body"], event["isBase64Encoded"]) == ("GET", None, False)
