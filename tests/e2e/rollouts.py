"""The gateway of test_rollouts.py: what its file says at each step, who calls it meanwhile, and its store."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml

from demo.model_requests import JSON
from demo.observations import steady_requests
from ml_gateway.credentials import API_KEY_HEADER
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.cdk_cli import CdkCli
from ml_gateway.local.gateway import LocalGateway, through_cloudfront
from ml_gateway.local.http_client import Answer, HttpClient, Request
from ml_gateway.naming import EDGE_REGION, api_stack, edge_stack
from ml_gateway.reading import load_config
from tests.e2e.headers_function import NAME as FUNCTION
from tests.e2e.held_deploy import local_assembly
from tests.e2e.stack_deployer import SynthesizedStack
from tests.e2e.store import Store
from tests.synthesis import Json

NAME: Final = "rollouts"
CHOOSE: Final = "x-model-version"
USER: Final = "x-user-id"
PACE: Final = 0.2

ONE: Final = {"url": "https://model.example.com/one"}
TWO: Final = {"url": "https://model.example.com/two"}
BOTH: Final = {"v1": ONE, "v2": TWO}
ALL: Final = {"v1": 0, "v2": 100}
OF_A_FUNCTION: Final = {"versions": {"v2": {"backend": "function"}}}


def file_with(**models: Any) -> Json:
    """Models that stand beside each other, with keys for a client, and somebody who is told of rollbacks."""
    return {
        "name": NAME,
        "regions": [EDGE_REGION],
        "backends": {"function": {"type": "lambda", "function": FUNCTION}},
        "models": {"other": {"backend": "function"}, **models},
        "plans": {"gold": {"rate": "1000/s", "burst": 1000}},
        "clients": {"app": {"plan": "gold", "keys": ["a", "b"]}},
        "alerts": {"email": "ops@acme.com", "errors": "1%"},
    }


def split(shares: Mapping[str, int], mixed: Mapping[str, int] = MappingProxyType({"v1": 100, "v2": 0})) -> Json:
    """`score` by chance or by choice, `fraud` by the header of a user, with a rollback; `mixed` is a function, too."""
    return file_with(
        score={"versions": BOTH, "split": dict(shares), "choose": CHOOSE},
        fraud={
            "versions": BOTH,
            "split": dict(shares),
            "sticky": f"header:{USER}",
            "rollback": {"to": "v1", "errors": "2%"},
        },
        mixed={
            "versions": {"v1": ONE, "v2": {"backend": "function"}},
            "split": dict(mixed),
            "sticky": "client",
            "choose": CHOOSE,
        },
    )


STEPS: Final[Mapping[str, Json]] = {
    "plain": file_with(score=ONE, fraud=ONE, mixed=ONE),
    "split": split({"v1": 60, "v2": 40}),
    "other shares": split({"v1": 30, "v2": 70}),
    "shares that fail": split({"v1": 20, "v2": 80}),
    "all of it": split(ALL, ALL),
    "one version": file_with(score={"versions": {"v2": TWO}}, fraud={"versions": {"v2": TWO}}, mixed=OF_A_FUNCTION),
    "the next one": file_with(
        score={"versions": {"v2": TWO, "v3": ONE}, "split": {"v2": 100, "v3": 0}, "choose": CHOOSE},
        fraud=TWO,
        mixed={"backend": "function"},
    ),
    "plain again": file_with(score=TWO, fraud=TWO, mixed={"backend": "function"}),
}


@dataclass(frozen=True, kw_only=True)
class Rollouts:
    """It is deployed as the CLI does it, with requests in flight to all of its models."""

    gateway: LocalGateway
    directory: Path
    model_server: str

    def deploy(self, step: str, *, pace: float = PACE) -> set[str]:
        """The statuses of what was asked meanwhile; `pace`: seconds between the requests to one model."""
        self.gateway.cdk.app = str(self._assembly(step))
        with self._callers(pace) as statuses:
            self.gateway.cdk.deploy()
        return set(statuses)

    def fail(self, step: str, run: Callable[[CdkCli], None]) -> set[str]:
        """The same of a deploy whose edge stack cannot be completed, and is rolled back; `run` deploys it."""
        assembly = self._assembly(step)
        template = assembly / f"{edge_stack(NAME)}.template.json"
        failing = SynthesizedStack(name="", region="", template=json.loads(template.read_text())).failing()
        template.write_text(json.dumps(failing.template))
        self.gateway.cdk.app = str(assembly)
        with self._callers(PACE) as statuses:
            run(self.gateway.cdk)
        return set(statuses)

    def _assembly(self, step: str) -> Path:
        return local_assembly(load_config(self.file(step)), cloud=self.gateway.cloud, model_server=self.model_server)

    def file(self, step: str) -> Path:
        file = self.directory / f"{step.replace(' ', '-')}.yaml"
        file.write_text(yaml.safe_dump(STEPS[step]))
        return file

    @contextmanager
    def _callers(self, pace: float) -> Iterator[list[str]]:
        statuses: list[str] = []
        with ExitStack() as stack:
            seen = []
            for model in ("score", "fraud", "mixed", "other"):
                edge = stack.enter_context(closing(self._edge()))
                seen.append(stack.enter_context(steady_requests(edge, asked(f"/{model}"), pace, most=10_000)))
            yield statuses
        assert all(seen)
        statuses += [status for each in seen for status in each]

    def ask(self, path: str, **headers: str) -> Answer:
        with closing(self._edge()) as edge:
            return edge.send(asked(path, **headers))

    def version(self, path: str, **headers: str) -> str:
        """The path at which the server of the version was asked; what a function tells instead."""
        answer = self.ask(path, **headers)
        assert answer.status == 200
        said = answer.json()
        return str(said["received"]["path"]) if "received" in said else "function"

    def _edge(self) -> HttpClient:
        return HttpClient(self.gateway.cloud.port, through_cloudfront(self.gateway.domain_name) | self._credential)

    @cached_property
    def _credential(self) -> dict[str, str]:
        """The client's key, which stays."""
        return {API_KEY_HEADER: self.inventory.secret(f"{NAME}/clients/app/a", EDGE_REGION)}

    @property
    def inventory(self) -> CloudInventory:
        return CloudInventory(self.gateway.cloud)

    @property
    def deployment(self) -> str:
        """Of the API."""
        *_, api_id, stage = self.gateway.api_path.split("/")
        found: str = self.inventory.client("apigateway").get_stage(restApiId=api_id, stageName=stage)["deploymentId"]
        return found

    def updated(self) -> Mapping[str, Any]:
        """When each of the stacks changed."""
        client = self.inventory.client("cloudformation", EDGE_REGION)
        return {
            name: client.describe_stacks(StackName=name)["Stacks"][0].get("LastUpdatedTime")
            for name in (api_stack(NAME), edge_stack(NAME))
        }

    def roll_back(self, alarm: str, state: str = "ALARM") -> None:
        """As EventBridge hands on what CloudWatch says, whichever region the alarm is in."""
        event = {
            "source": "aws.cloudwatch",
            "detail-type": "CloudWatch Alarm State Change",
            "account": self.gateway.cloud.account,
            "region": "eu-west-1",
            "detail": {"alarmName": alarm, "state": {"value": state}},
        }
        client = self.inventory.client("lambda", EDGE_REGION)
        (function,) = [
            each["FunctionName"] for each in client.list_functions()["Functions"] if "Overrides" in each["FunctionName"]
        ]
        answer = client.invoke(FunctionName=function, Payload=json.dumps(event))
        assert "FunctionError" not in answer, answer["Payload"].read()

    @property
    def store(self) -> Store:
        return Store(self.gateway.cloud.port, self.outputs["OverridesCommand"].rpartition(" ")[2])

    @property
    def outputs(self) -> Mapping[str, str]:
        """Of the edge stack."""
        return self.inventory.outputs(edge_stack(NAME), EDGE_REGION)


def asked(path: str, **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(method="POST", path=path, body=b"{}", headers={**JSON, **named})


@contextmanager
def broken_function(inventory: CloudInventory, right: str, wrong: str) -> Iterator[None]:
    """The edge function with `wrong` in place of `right`, until the block ends; behind CloudFormation's back."""
    client = inventory.client("cloudfront")
    listed = client.list_functions()["FunctionList"]["Items"]
    (name,) = {each["Name"] for each in listed if edge_stack(NAME) in each["Name"]}  # in both stages
    usual = client.get_function(Name=name, Stage="LIVE")["FunctionCode"].read()
    assert usual.count(right.encode()) == 1

    def publish(code: bytes) -> None:
        known = client.describe_function(Name=name, Stage="DEVELOPMENT")
        config = known["FunctionSummary"]["FunctionConfig"]
        client.update_function(Name=name, IfMatch=known["ETag"], FunctionConfig=config, FunctionCode=code)
        client.publish_function(Name=name, IfMatch=client.describe_function(Name=name, Stage="DEVELOPMENT")["ETag"])

    publish(usual.replace(right.encode(), wrong.encode()))
    try:
        yield
    finally:
        publish(usual)
