"""A gateway in several regions that is deployed again and again, and callers near each of them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import Final

from demo.model_requests import JSON
from demo.observations import steady_requests
from demo.regions import put_metric_data
from ml_gateway import (
    ClientConfig,
    DomainConfig,
    EdgeConfig,
    GatewayConfig,
    ModelConfig,
    OriginLockConfig,
    PlanConfig,
    RequestRate,
    naming,
)
from ml_gateway.credentials import API_KEY_HEADER
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.cdk_cli import CdkCli
from ml_gateway.local.cloud import API_PATH, Cloud
from ml_gateway.local.gateway import through_cloudfront
from ml_gateway.local.http_client import HttpClient, Request
from tests.e2e.held_deploy import local_assembly
from tests.e2e.quick_cdk import QuickCdk
from tests.stacks.regional import ZONE, of_regions

REQUEST: Final = Request(method="POST", path="/predict", body=b"{}", headers=JSON)
PLAN: Final = PlanConfig(rate=RequestRate(1000), burst=1000, across_regions="each")
PACE: Final = 0.1
"""Seconds between the requests of one caller."""
MOST: Final = 10_000
"""More than one sends as long as a test lasts."""

Regions = Mapping[str, Mapping[str, bool]]


def config(name: str, regions: Regions, *, generation: int = 1, zone: bool = True) -> GatewayConfig:
    """A client, and a model whose server is told in the path which region calls it."""
    return of_regions(
        dict(regions),
        name=name,
        models={"predict": ModelConfig(url="https://model.example.com/{region}/predict")},
        plans={"default": PLAN},
        clients={"app": ClientConfig(plan="default")},
        origin_lock=OriginLockConfig(generation=generation),
        # A name of its own: other gateways of the cloud have others.
        edge=EdgeConfig(domain=DomainConfig(name=f"{name}.acme.com", hosted_zone=ZONE)) if zone else EdgeConfig(),
    )


class RegionalGateway:
    """What is deployed under one name."""

    def __init__(self, *, cloud: Cloud, name: str, model_server: str) -> None:
        self.cloud = cloud
        self.name = name
        self.inventory = CloudInventory(cloud)
        self.cdk: CdkCli = QuickCdk(cloud=cloud, directory=cloud.directory / name, context={})
        self.cli = CdkCli(cloud=cloud, directory=cloud.directory / name / "cli", context={})
        """The real one, about what was deployed last."""
        self._model_server = model_server

    def deploy(self, regions: Regions, *, generation: int = 1, zone: bool = True) -> None:
        """All stacks, as the CLI orders them."""
        described = config(self.name, regions, generation=generation, zone=zone)
        self.cdk.app = str(local_assembly(described, cloud=self.cloud, model_server=self._model_server))
        self.cli.app = self.cdk.app
        self.cdk.deploy()

    def take_away(self, region: str) -> None:
        """As docs/regions.md says, while the file still has the region."""
        api = naming.construct_id(naming.api_stack(self.name), region)
        self.cdk.destroy("--exclusively", api, naming.drain_stack(self.name, region))

    def run(self, region: str, output: str) -> None:
        """Do what the line says that is an output of the stack that drains the region; there is no `aws` here."""
        elsewhere = {"us-east-1": "us-west-2"}.get(region, "us-east-1")
        outputs = self.inventory.outputs(naming.drain_stack(self.name, region), elsewhere)
        put_metric_data(self.inventory, outputs[output])

    def answering(self, near: str) -> str:
        """The region that answers a caller there: its model's server was told."""
        with closing(self._edge(near)) as edge:
            answer = edge.send(REQUEST)
        if answer.status != 200:
            return str(answer.status)
        return str(json.loads(answer.body)["received"]["path"]).split("/")[1]

    def ask_the_api(self, region: str, headers: Mapping[str, str]) -> int:
        """The status of a request past the distribution."""
        outputs = self.inventory.outputs(naming.api_stack(self.name), region)
        api_id = outputs[naming.INVOKE_URL].partition("://")[2].partition(".")[0]
        with closing(HttpClient(self.cloud.port, dict(headers))) as api:
            return api.send(Request(method="POST", path=f"{API_PATH}/{api_id}/v1/predict", body=b"{}")).status

    @contextmanager
    def callers(self, *near: str) -> Iterator[list[str]]:
        """The statuses of requests that somebody near each region goes on to send; complete when the block is over."""
        statuses: list[str] = []
        with ExitStack() as stack:
            edges = [stack.enter_context(closing(self._edge(region))) for region in near]
            seen = [stack.enter_context(steady_requests(edge, REQUEST, PACE, most=MOST)) for edge in edges]
            yield statuses
        statuses += [status for each in seen for status in each]

    def _edge(self, near: str) -> HttpClient:
        return HttpClient(self.cloud.port, {**through_cloudfront(self.address, near=near), API_KEY_HEADER: self.key})

    @property
    def address(self) -> str:
        outputs = self.inventory.outputs(naming.edge_stack(self.name), naming.EDGE_REGION)
        return outputs[naming.DISTRIBUTION_DOMAIN_NAME]

    @property
    def key(self) -> str:
        return self.inventory.secret(naming.client_secret(self.name, "app", "default"), naming.EDGE_REGION)

    def secrets(self, region: str) -> dict[str, str]:
        """Value -> name."""
        return self.inventory.secrets(f"{self.name}/", region)

    def certificates(self, region: str) -> list[str]:
        """Those of the origin name."""
        found = self.inventory.client("acm", region).list_certificates()["CertificateSummaryList"]
        return [each["DomainName"] for each in found if each["DomainName"] == f"origin.{self.name}.acme.com"]

    def checks(self) -> list[str]:
        """The ids of its health checks, which have the name of their stack here."""
        found = self.inventory.client("route53").list_health_checks()["HealthChecks"]
        return [each["Id"] for each in found if each["Id"].startswith(naming.api_stack(self.name))]

    def left(self, regions: Sequence[str]) -> list[str]:
        """What there is in these regions that has the gateway's name, as its origin name has it."""
        everywhere = ("cloudfront", "route53 list_health_checks")
        found = [each for each in self.inventory.inventory(regions) if not each.startswith(everywhere)]
        return sorted(each for each in found if self.name in each)
