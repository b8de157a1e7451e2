"""The store that picks versions, as somebody with the AWS CLI has it."""

import json
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import quote

from ml_gateway.local.http_client import Answer, HttpClient, Request
from tests.synthesis import Json


@dataclass(frozen=True, slots=True)
class Store:
    """What the AWS CLI does with a store, without its signature, which the emulator does not look at."""

    port: int
    arn: str

    def keys(self) -> dict[str, Json]:
        found = self._send("GET", "/keys").json()["Items"]
        return {each["Key"]: json.loads(each["Value"]) for each in found}

    def put(self, model: str, value: Json) -> None:
        assert self._send("PUT", f"/keys/{model}", {"Value": json.dumps(value)}).status == 200

    def release(self, model: str) -> None:
        assert self._send("DELETE", f"/keys/{model}").status == 200

    def _send(self, method: str, below: str, body: Json | None = None) -> Answer:
        place = f"/key-value-stores/{quote(self.arn, safe='')}"
        with closing(HttpClient(self.port, {})) as client:
            etag = client.send(Request(method="GET", path=place)).headers["etag"]
            text = None if body is None else json.dumps(body).encode()
            return client.send(Request(method=method, path=place + below, body=text, headers={"If-Match": etag}))
