"""The keys and the API of one gateway.yaml in LocalStack, and a client that sends exactly what it is told."""

import json
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import urllib3

from conformance.assembly import synthesized
from conformance.control_plane import Document, lead_stage_to_new_deployment, put_gateway_responses
from conformance.recording_backend import ECHO, Headers, ReceivedRequest, RecordingBackend, Reply
from ml_gateway import naming
from ml_gateway.credentials import API_KEY_HEADER
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.backend_secrets import define_backend_secrets
from ml_gateway.local.cdk_cli import CdkCli
from ml_gateway.local.cloud import API_PATH, Cloud
from ml_gateway.local.http_client import SECONDS_FOR_ONE_ANSWER, Answer
from ml_gateway.reading import load_config


@dataclass(frozen=True, kw_only=True, slots=True)
class Exchange:
    """What the caller got for a request, and everything that reached the backend meanwhile."""

    answer: Answer
    received: tuple[ReceivedRequest, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DeployedApi:
    """One stage of a deployed API. All its routes lead to `backend`; `key` opens them."""

    cloud: Cloud
    backend: RecordingBackend
    api_id: str
    stage: str
    key: str

    @property
    def credentials(self) -> Headers:
        """The header that the distribution adds."""
        return ((API_KEY_HEADER, self.key),)

    def send(
        self, method: str, path: str, *, headers: Headers = (), body: bytes = b"", reply: Reply = ECHO
    ) -> Exchange:
        """Send a request with no other headers than `headers`, `Host` and, if it has a body, `Content-Length`.

        `reply` is what the backend answers, should the request reach it.
        """
        self.backend.reply = reply
        self.backend.received.clear()
        answer = self._answer(method, f"{API_PATH}/{self.api_id}/{self.stage}{path}", headers, body)
        return Exchange(answer=answer, received=tuple(self.backend.received))

    def _answer(self, method: str, target: str, headers: Headers, body: bytes) -> Answer:
        with closing(HTTPConnection("127.0.0.1", self.cloud.port, timeout=SECONDS_FOR_ONE_ANSWER)) as connection:
            connection.putrequest(method, target, skip_accept_encoding=True)
            for name, value in headers:
                connection.putheader(name, value)
            if body:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            return Answer(
                status=response.status,
                headers=urllib3.HTTPHeaderDict(response.getheaders()),
                body=response.read(),
            )


def deploy_api(file: Path, *, cloud: Cloud, backend: RecordingBackend) -> DeployedApi:
    """Deploy the stacks of `file` with the real CDK CLI, as the local cloud does, but without the one of the edge."""
    config = load_config(file)
    inventory = CloudInventory(cloud)
    (region,) = config.regions
    define_backend_secrets(config, inventory.client("secretsmanager", region))
    cdk = CdkCli(cloud=cloud, directory=cloud.directory / config.name, context={})
    cdk.app = str(synthesized(config, model_server=backend.url))
    stack = naming.api_stack(config.name)
    cdk.deploy(naming.construct_id(stack, region))
    host = urlsplit(inventory.outputs(stack, region)[naming.INVOKE_URL]).hostname or ""
    api_id = host.partition(".")[0]
    client = inventory.client("apigateway", region)
    put_gateway_responses(client, api_id, _document_of(inventory.template(stack, region)))
    lead_stage_to_new_deployment(client, api_id, config.stage)
    return DeployedApi(
        cloud=cloud,
        backend=backend,
        api_id=api_id,
        stage=config.stage,
        key=inventory.secret(naming.origin_secret(config.name, config.origin_lock.generation), naming.EDGE_REGION),
    )


def _document_of(template: str) -> Document:
    resources = json.loads(template)["Resources"].values()
    (document,) = [each["Properties"]["Body"] for each in resources if each["Type"] == "AWS::ApiGateway::RestApi"]
    found: Document = document
    return found
