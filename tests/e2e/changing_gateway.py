"""A gateway that is deployed again and again, stack by stack, and whoever calls it meanwhile."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import Any, Final

from demo.model_requests import JSON
from demo.observations import steady_requests
from ml_gateway import ModelConfig, PlanConfig, RequestRate, naming
from ml_gateway.config import ClientConfig, OriginLockConfig
from ml_gateway.credentials import API_KEY_HEADER
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.cloud import API_PATH, Cloud
from ml_gateway.local.gateway import through_cloudfront
from ml_gateway.local.http_client import Answer, HttpClient, Request
from tests.e2e.stack_deployer import COMPLETE, ROLES, Role, StackDeployer, Stacks, synthesized
from tests.synthesis import Json, gateway_config

REQUEST: Final = Request(method="POST", path="/sound", body=b"{}", headers=JSON)
"""faulty_server.py serves it."""
NO_KEY: Final = ""
"""What a caller sends where the distribution has the only key."""
SERVED: Final = 200
REFUSED: Final = 403
PACE: Final = 0.05
"""Seconds between the requests of one caller: a deploy of three stacks takes half of one."""


class ChangingGateway:
    """What is deployed under one name."""

    def __init__(self, *, cloud: Cloud, name: str, model_server: str) -> None:
        self.cloud = cloud
        self.name = name
        self.inventory = CloudInventory(cloud)
        self.deployer = StackDeployer(cloud)
        self._model_server = model_server

    def stacks(
        self,
        *,
        clients: Mapping[str, Sequence[str] | ClientConfig],
        generation: int = 1,
        region: str = naming.EDGE_REGION,
        api_id: str | None = None,
        **changes: Any,
    ) -> Stacks:
        """A version of it: with one model and, if there are clients, with these and the names of their keys, or
        all of their settings.

        `api_id` as for `local_origin`. `changes` are of the whole gateway.
        """
        usual = {
            "models": {"sound": ModelConfig(url="https://model.example.com/sound")},
            "plans": {"default": PlanConfig(rate=RequestRate(1000), burst=1000)},
            "clients": {name: _client(client) for name, client in clients.items()},
            "origin_lock": OriginLockConfig(generation=generation),
        }
        config = gateway_config(name=self.name, regions=(region,), **usual | changes)
        return synthesized(config, cloud=self.cloud, model_server=self._model_server, api_id=api_id)

    def deploy(
        self,
        stacks: Stacks,
        *,
        failing: Role | None = None,
        roles: Sequence[Role] = ROLES,
        unnoticed_by: Iterable[str] = (),
    ) -> dict[Role, str]:
        """What became of each stack. Who has a key that does not change is served before, after and in between."""
        keys = list(unnoticed_by)
        with self.in_flight(keys) as statuses:
            ended = self.deployer.deploy(
                stacks,
                failing=failing,
                roles=roles,
                after_each=lambda: statuses.extend(self.ask(key) for key in keys),
            )
        assert set(statuses) == ({SERVED} if keys else set())
        return ended

    def fail(self, stacks: Stacks, failing: Role, *unnoticed_by: str) -> None:
        """A deploy that ends in the stack which is to fail, and takes back what it has changed there."""
        ended = self.deploy(stacks, failing=failing, unnoticed_by=unnoticed_by)
        assert list(ended)[-1] == failing
        assert ended[failing] in ("ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")

    def complete(self, stacks: Stacks, *unnoticed_by: str) -> None:
        ended = self.deploy(stacks, unnoticed_by=unnoticed_by)
        assert list(ended) == list(ROLES)
        assert set(ended.values()) <= COMPLETE

    def complete_in(self, region: str, *unnoticed_by: str, clients: Mapping[str, Sequence[str]]) -> Stacks:
        """In any region: MiniStack's CloudFormation has to be told the API's id, as it is elsewhere."""
        first = self.stacks(clients=clients, region=region, api_id="not-known-yet")
        self.deploy(first, roles=["keys", "api"], unnoticed_by=unnoticed_by)
        stacks = self.stacks(clients=clients, region=region, api_id=self.api_id(region))
        self.complete(stacks, *unnoticed_by)
        return stacks

    @contextmanager
    def in_flight(self, keys: Sequence[str]) -> Iterator[list[int]]:
        """The statuses of requests that each key goes on to send; complete only when the block is over."""
        statuses = [self.ask(key) for key in keys]
        with ExitStack() as stack:
            seen = [stack.enter_context(self._caller(key)) for key in keys]
            yield statuses
        statuses.extend(int(status) for each in seen for status in each)

    @contextmanager
    def _caller(self, key: str) -> Iterator[list[str]]:
        with closing(self.edge(key)) as edge, steady_requests(edge, REQUEST, PACE) as statuses:
            yield statuses

    def edge(self, key: str) -> HttpClient:
        """Sends requests through the distribution, with that key."""
        credential = {API_KEY_HEADER: key} if key else {}
        return HttpClient(self.cloud.port, through_cloudfront(self.domain_name) | credential)

    def ask(self, key: str = NO_KEY) -> int:
        """The status of a request through the distribution."""
        return self.answer(REQUEST, key).status

    def answer(self, request: Request, key: str = NO_KEY) -> Answer:
        """What a request through the distribution is answered."""
        with closing(self.edge(key)) as edge:
            return edge.send(request)

    def ask_the_api(self, key: str, region: str = naming.EDGE_REGION) -> int:
        """The status of a request past the distribution."""
        path = f"{API_PATH}/{self.api_id(region)}/v1{REQUEST.path}"
        with closing(HttpClient(self.cloud.port, {API_KEY_HEADER: key})) as api:
            return api.send(Request(method=REQUEST.method, path=path, body=REQUEST.body, headers=JSON)).status

    def api_id(self, region: str = naming.EDGE_REGION) -> str:
        host = self.inventory.outputs(f"{self.name}-api", region)[naming.INVOKE_URL].partition("://")[2]
        return host.partition(".")[0]

    @property
    def domain_name(self) -> str:
        outputs = self.inventory.outputs(f"{self.name}-edge", naming.EDGE_REGION)
        return outputs[naming.DISTRIBUTION_DOMAIN_NAME]

    def sent(self) -> str:
        """The secret that the distribution sends."""
        (value,) = self.inventory.origin_headers(self.domain_name).values()
        return value

    def secrets(self, region: str = naming.EDGE_REGION) -> dict[str, str]:
        """The value of each secret, by what its name has after the gateway's."""
        found = self.inventory.secrets(f"{self.name}/", region)
        return {name.removeprefix(f"{self.name}/"): value for value, name in found.items()}

    def key(self, client: str, key: str = "default") -> str:
        return self.secrets()[f"clients/{client}/{key}"]

    def values_of_keys(self, region: str = naming.EDGE_REGION) -> list[str]:
        """Of the gateway's API keys in the region, those included that no stack knows of."""
        return [key["value"] for key in self._api_keys(region)]

    def delete_key(self, key: str, region: str = naming.EDGE_REGION) -> None:
        """By hand: no stack knows of it."""
        self.inventory.client("apigateway", region).delete_api_key(apiKey=key)

    def keys_in_no_plan(self, region: str = naming.EDGE_REGION) -> dict[str, str]:
        """The ids of API keys that open nothing, by their descriptions, asked for as docs/clients.md says."""
        client = self.inventory.client("apigateway", region)
        return {
            key["description"]: key["id"]
            for key in self._api_keys(region)
            if not client.get_usage_plans(keyId=key["id"])["items"]
        }

    def _api_keys(self, region: str) -> list[dict[str, str]]:
        pages = self.inventory.client("apigateway", region).get_paginator("get_api_keys").paginate(includeValues=True)
        return [key for key in pages.search("items[]") if key.get("description", "").startswith(f"{self.name}/")]

    def texts_of_the_web_acl(self) -> set[str]:
        """What the lock looks for in headers. Not asked for by boto3: MiniStack sends it as it is, AWS in base64."""
        client = self.inventory.client("wafv2")
        name = naming.origin_lock_web_acl(self.name)
        (found,) = [each for each in client.list_web_acls(Scope="REGIONAL")["WebACLs"] if each["Name"] == name]
        texts = set()

        def note(part: Json) -> Json:
            texts.add(part.get("SearchString", ""))
            return part

        asked = json.dumps({"Name": name, "Id": found["Id"], "Scope": "REGIONAL"}).encode()
        with closing(HttpClient(self.cloud.port, {"X-Amz-Target": "AWSWAF_20190729.GetWebACL"})) as http:
            json.loads(http.send(Request(method="POST", path="/", body=asked)).body, object_hook=note)
        return texts

    def left(self, *regions: str) -> list[str]:
        """What there still is that has the gateway's name."""
        return sorted(each for each in self.inventory.inventory(regions) if self.name in each)


def _client(written: Sequence[str] | ClientConfig) -> ClientConfig:
    return written if isinstance(written, ClientConfig) else ClientConfig(plan="default", keys=tuple(written))
