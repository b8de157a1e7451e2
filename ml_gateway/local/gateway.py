"""One gateway.yaml, deployed into the local cloud, and the ways to reach it."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from ml_gateway import naming
from ml_gateway.config import GatewayConfig, PlanConfig
from ml_gateway.credentials import API_KEY_HEADER
from ml_gateway.design import GatewayDesign
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.backend_secrets import define_backend_secrets
from ml_gateway.local.cdk_cli import CdkCli
from ml_gateway.local.cloud import API_PATH, NEAR_HEADER, Cloud
from ml_gateway.local.http_client import Answer, HttpClient, Request


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalGateway:
    """A gateway that is deployed: `edge` leads to its distribution, `api` past it to its REST APIs.

    With clients `edge` sends the key, or the token, of `shown_client`. `tokens`: one of each client that has some.
    `api_paths`: where `api` finds that of each region.
    """

    config: GatewayConfig
    cloud: Cloud
    cdk: CdkCli
    inventory_before: frozenset[str]
    domain_name: str
    edge: HttpClient
    api: HttpClient
    api_paths: Mapping[str, str]
    tokens: Mapping[str, str]

    @property
    def design(self) -> GatewayDesign:
        """What the file means."""
        return GatewayDesign.of(self.config)

    @property
    def api_path(self) -> str:
        """Where `api` finds that of the first region."""
        return next(iter(self.api_paths.values()))

    @property
    def plan(self) -> PlanConfig:
        """The one that limits what `edge` sends."""
        return shown_plan(self.config)

    @property
    def generation(self) -> int:
        """The one that was deployed last."""
        return int(self.cdk.context["generation"])

    @property
    def seconds_for_a_token(self) -> float:
        """How long the usage plan takes to allow one more request to any model, and a little on top."""
        return 1.25 / lowest_rate(self.plan)

    def send_through_edge(self, request: Request) -> Answer:
        """Send a request as often as the usage plan refuses it for the moment (429), for a bounded time."""
        deadline = time.monotonic() + 10 + 2 * self.seconds_for_a_token
        while (answer := self.edge.send(request)).status == 429 and time.monotonic() < deadline:
            time.sleep(self.seconds_for_a_token)
        return answer

    def inventory(self) -> frozenset[str]:
        return CloudInventory(self.cloud).inventory(regions_of(self.config))


def regions_of(config: GatewayConfig) -> list[str]:
    """The regions that a gateway is deployed to, and that have to be bootstrapped."""
    alarms = {region.alarm_region for region in GatewayDesign.of(config).regions.values() if region.alarm_region}
    return sorted({*config.regions, *alarms, naming.EDGE_REGION})


def shown_client(config: GatewayConfig) -> str | None:
    """The first client that may call every model, or else the first one; None without clients."""
    design = GatewayDesign.of(config)
    widest = (name for name in design.clients if len(design.may_call(name)) == len(design.models))
    return next(widest, next(iter(design.clients), None))


def shown_plan(config: GatewayConfig) -> PlanConfig:
    """The plan of `shown_client`, or the only one there is, as one region has it."""
    design, name = GatewayDesign.of(config), shown_client(config)
    if name is not None:
        client = design.clients[name]
        return (design.plans[client.plan] if isinstance(client.plan, str) else design.own_plans[name]).plan
    (plan,) = design.plans.values()
    return plan.plan


def lowest_rate(plan: PlanConfig) -> float:
    """Requests per second that a plan allows to the model that it limits most."""
    return min(rate.per_second for rate in (plan.rate, *(limit.rate for limit in plan.limits.values())))


def stacks_of(config: GatewayConfig) -> dict[str, tuple[str, str]]:
    """Name and region of each stack of a gateway, by the construct id that the CLI calls it by."""
    name, design = config.name, GatewayDesign.of(config)
    stacks = {naming.keys_stack(name): (naming.keys_stack(name), naming.EDGE_REGION)}
    for region, said in design.regions.items():
        if said.alarm_region:
            drain = naming.drain_stack(name, region)
            stacks[drain] = (drain, said.alarm_region)
        regional = [naming.account_stack(name)] if design.creates_log_role else []
        for stack in (*regional, naming.api_stack(name)):
            stacks[naming.construct_id(stack, region)] = (stack, region)
    return stacks | {naming.edge_stack(name): (naming.edge_stack(name), naming.EDGE_REGION)}


def local_context(
    config_file: Path,
    config: GatewayConfig,
    *,
    cloud: Cloud,
    model_server: str,
    servers: Mapping[str, str] | None = None,
    issuers: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The context of ml_gateway.local.app by which it means the gateway of `config_file`, its HTTP models at the URL
    `model_server`.

    With `servers` there are others in its place, and stand-ins for what no local cloud has: see servers.py, for
    `issuers`, too.
    """
    context = {
        "config": str(config_file.resolve()),
        "cloud_port": str(cloud.port),
        "model_server": model_server,
        "generation": str(config.origin_lock.generation),
    }
    if servers is not None:
        context["servers"] = json.dumps(dict(servers))
    if issuers:
        context["issuers"] = json.dumps(dict(issuers))
    return context


@contextmanager
def deployed_gateway(
    config: GatewayConfig, *, cloud: Cloud, cdk: CdkCli, tokens: Mapping[str, str] = MappingProxyType({})
) -> Iterator[LocalGateway]:
    """Deploy the gateway that `cdk` is for. It stays until somebody destroys it or the cloud stops. `tokens`: one of
    each client that has some."""
    inventory = CloudInventory(cloud)
    for region in config.regions:
        define_backend_secrets(config, inventory.client("secretsmanager", region))
    before = inventory.inventory(regions_of(config))
    api_stack, edge_stack = naming.api_stack(config.name), naming.edge_stack(config.name)
    region, *_ = config.regions
    if region != naming.EDGE_REGION and GatewayDesign.of(config).origin is None:
        # The edge stack must not refer to the API even now: the API stack would get an output for it.
        cdk.context["api_id"] = "not-known-yet"
        cdk.deploy(naming.construct_id(api_stack, region))
        cdk.context["api_id"] = _api_id(inventory, api_stack, region)
    cdk.deploy()
    domain_name = inventory.outputs(edge_stack, naming.EDGE_REGION)[naming.DISTRIBUTION_DOMAIN_NAME]
    edge_headers = through_cloudfront(domain_name)
    if client := shown_client(config):
        own_keys = keys_of_clients(config, cloud)[client].values()
        edge_headers[API_KEY_HEADER] = next(iter(own_keys), tokens.get(client, ""))
    with closing(HttpClient(cloud.port, edge_headers)) as edge, closing(HttpClient(cloud.port, {})) as api:
        yield LocalGateway(
            config=config,
            cloud=cloud,
            cdk=cdk,
            inventory_before=before,
            domain_name=domain_name,
            edge=edge,
            api=api,
            api_paths={
                region: f"{API_PATH}/{_api_id(inventory, api_stack, region)}/{config.stage}"
                for region in config.regions
            },
            tokens=tokens,
        )


def through_cloudfront(domain_name: str, *, near: str | None = None) -> dict[str, str]:
    """The headers that lead a request to a distribution, as one over HTTPS; `near` is the region nearest to it."""
    # MiniStack takes a viewer for one that speaks HTTPS by what a load balancer before it would say.
    return {"Host": domain_name, "X-Forwarded-Proto": "https", **({NEAR_HEADER: near} if near else {})}


def keys_of_clients(config: GatewayConfig, cloud: Cloud) -> dict[str, dict[str, str]]:
    """The keys of each client, by the client's name and then by the key's."""
    inventory = CloudInventory(cloud)
    return {
        name: {
            key: inventory.secret(naming.client_secret(config.name, name, key), naming.EDGE_REGION)
            for key in client.keys
        }
        for name, client in GatewayDesign.of(config).clients.items()
    }


def _api_id(inventory: CloudInventory, stack: str, region: str) -> str:
    host = urlsplit(inventory.outputs(stack, region)[naming.INVOKE_URL]).hostname or ""
    return host.partition(".")[0]
