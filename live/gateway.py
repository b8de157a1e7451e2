"""The gateways of a run, as the questions find them."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from live.caller import Caller
from live.place import Place
from ml_gateway import naming
from ml_gateway.config import GatewayConfig
from ml_gateway.credentials import API_KEY_HEADER, ORIGIN_VERIFY_HEADER
from ml_gateway.design import GatewayDesign
from ml_gateway.naming import EDGE_REGION

AUDIENCE: Final = "https://ml-gateway.example.com"
SECONDS_OF_A_TOKEN: Final = 600


@dataclass(frozen=True, kw_only=True, slots=True)
class Gateway:
    """`edge` asks the distribution, `api` past it the API. `secret` is what the distribution sends, `keys` are those of
    each client."""

    config: GatewayConfig
    edge: Caller
    api: Caller
    secret: str
    keys: Mapping[str, tuple[str, ...]]

    @property
    def name(self) -> str:
        return self.config.name

    def client(self, name: str, key: int = 0) -> Caller:
        """Who sends a key of that client through the edge."""
        return self.sending(self.keys[name][key])

    def sending(self, credential: str) -> Caller:
        return replace(self.edge, headers={**self.edge.headers, API_KEY_HEADER: credential})

    def past_the_edge(self, credential: str) -> Caller:
        """Who knows the secret of the distribution, as whoever may read it can."""
        return replace(self.api, headers=_spelled({ORIGIN_VERIFY_HEADER: self.secret, API_KEY_HEADER: credential}))

    @property
    def credentials(self) -> tuple[str, ...]:
        return (self.secret, *(key for keys in self.keys.values() for key in keys))


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a question may look at. `meanwhile`: the statuses of what was asked while the second deploy went on, by its
    path."""

    place: Place
    open: Gateway
    clients: Gateway
    in_two_regions: Gateway | None = None
    bearer: str
    tokens: list[str] = field(default_factory=list)
    meanwhile: dict[str, list[str]] = field(default_factory=dict)

    def token(self, client: str, **claims: Any) -> str:
        """A new token of the client whose claim is `client`."""
        now = int(time.time())
        usual = {"aud": AUDIENCE, "iat": now, "exp": now + SECONDS_OF_A_TOKEN, "azp": client}
        token = self.place.sign({**usual, **claims})
        self.tokens.append(token)
        return token

    @property
    def gateways(self) -> tuple[Gateway, ...]:
        return tuple(each for each in (self.open, self.clients, self.in_two_regions) if each)

    @property
    def regional(self) -> Gateway:
        """Errors: nobody brought what it takes."""
        if self.in_two_regions is None:
            raise ValueError("there is no gateway in two regions")
        return self.in_two_regions

    @property
    def credentials(self) -> tuple[str, ...]:
        """All that nobody may find in a log, a template or a report."""
        return (self.bearer, *self.tokens, *(said for each in self.gateways for said in each.credentials))


def find_gateway(place: Place, config: GatewayConfig) -> Gateway:
    """A gateway that is deployed."""
    edge, api = (outputs(place, stack) for stack in (naming.edge_stack(config.name), naming.api_stack(config.name)))
    values = place.client("secretsmanager")

    def secret(name: str) -> str:
        return str(values.get_secret_value(SecretId=name)["SecretString"])

    return Gateway(
        config=config,
        edge=place.edge(edge[naming.DISTRIBUTION_DOMAIN_NAME]),
        api=place.api(api[naming.INVOKE_URL]),
        secret=secret(naming.origin_secret(config.name, config.origin_lock.generation)),
        keys={
            name: tuple(secret(naming.client_secret(config.name, name, key)) for key in client.keys)
            for name, client in GatewayDesign.of(config).clients.items()
        },
    )


def _spelled(headers: Mapping[str, str]) -> dict[str, str]:
    """As CloudFront spells them after a function."""
    return {name.title(): value for name, value in headers.items()}


def resources(place: Place, stack: str, resource_type: str) -> dict[str, str]:
    """Logical id -> physical id of those of a stack of the run."""
    pages = place.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
    return {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for page in pages
        for each in page["StackResourceSummaries"]
        if each["ResourceType"] == resource_type
    }


def outputs(place: Place, stack: str, region: str = EDGE_REGION) -> dict[str, str]:
    (found,) = place.client("cloudformation", region).describe_stacks(StackName=stack)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}
