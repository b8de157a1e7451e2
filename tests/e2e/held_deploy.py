"""Deploys that stop in the middle of a stack until somebody lets them go on, or fail.

What holds a stack is CloudFormation's own means for that, a wait condition, which depends on all else in the stack.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from aws_cdk import CfnCreationPolicy, CfnResourceSignal, CfnWaitCondition, Stack
from botocore.exceptions import ClientError  # type: ignore[import-untyped]  # it has no stubs

from ml_gateway import GatewayConfig, define_gateway, load_config
from ml_gateway.local.app import local_origin
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.cdk_cli import CdkCli, RunningCdk
from ml_gateway.local.cloud import Cloud
from ml_gateway.local.processes import last_lines
from ml_gateway.local.servers import local_config
from tests.synthesis import new_app

FILE: Final = Path(__file__).with_name("deploys.yaml")
HOLD: Final = "Hold"
SECONDS_TO_HOLD: Final = 60

Role = Literal["api", "edge"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Versions:
    """deploys.yaml under a name of its own: 1 as it is, 2 with another path, another rate and the next generation."""

    name: str
    directory: Path
    model_server: str

    def config(self, version: int) -> GatewayConfig:
        text = FILE.read_text().replace("name: deploys", f"name: {self.name}")
        if version == 2:
            text = (
                text.replace("/first", "/second").replace("1000/s", "900/s").replace("generation: 1", "generation: 2")
            )
        file = self.directory / f"{self.name}-{version}.yaml"
        file.write_text(text)
        return load_config(file)

    def stack(self, role: Role) -> str:
        return f"{self.name}-{role}"

    def assembly(self, version: int, *, cloud: Cloud, held: Role | None = None) -> Path:
        return local_assembly(self.config(version), cloud=cloud, model_server=self.model_server, held=held)

    def cdk(self, cloud: Cloud) -> CdkCli:
        """A CLI that deploys version 1 until its `app` is another assembly."""
        cdk = CdkCli(cloud=cloud, directory=cloud.directory / self.name, context={})
        cdk.app = str(self.assembly(1, cloud=cloud))
        return cdk


def local_assembly(
    config: GatewayConfig,
    *,
    cloud: Cloud,
    model_server: str,
    held: Role | None = None,
    api_id: str | None = None,
    issuers: Mapping[str, str] | None = None,
) -> Path:
    """Synthesized here, as `ml_gateway.local.app` does it; with `held` that stack waits before it is complete.

    `api_id`, as for `local_origin`, is needed where the API is in another region than the edge.
    """
    app = new_app()
    gateway = define_gateway(
        app,
        local_config(config, model_server=model_server, generation=config.origin_lock.generation, issuers=issuers),
        origin_for=local_origin(port=cloud.port, stage=config.stage, api_id=api_id),
    )
    if held:
        _hold(next(iter(gateway.apis.values())) if held == "api" else gateway.edge)
    return Path(app.synth().directory)


def _hold(stack: Stack) -> None:
    others = stack.node.children
    condition = CfnWaitCondition(stack, HOLD)
    condition.cfn_options.creation_policy = CfnCreationPolicy(
        resource_signal=CfnResourceSignal(count=1, timeout=f"PT{SECONDS_TO_HOLD}S")
    )
    for other in others:
        condition.node.add_dependency(other)


@contextmanager
def held_deploy(cdk: CdkCli, assembly: Path, *, cloud: Cloud, stack: str) -> Iterator[RunningCdk]:
    """A deploy of `assembly` that has got as far as the end of `stack`, and waits there."""
    cdk.app = str(assembly)
    events = CloudInventory(cloud).client("cloudformation").get_paginator("describe_stack_events")

    def is_held() -> bool:
        assert running.process.poll() is None, last_lines(running.log)
        found = events.paginate(StackName=stack).search(f"StackEvents[?LogicalResourceId=='{HOLD}']")
        return any(event["ResourceStatus"].endswith("_IN_PROGRESS") for event in found)

    with cdk.deploying() as running:
        _wait_until(is_held)
        yield running


def signal(cloud: Cloud, stack: str, status: Literal["SUCCESS", "FAILURE"]) -> None:
    """Let a stack that is held go on, or have it fail."""
    client = CloudInventory(cloud).client("cloudformation")

    def is_received() -> bool:
        client.signal_resource(StackName=stack, LogicalResourceId=HOLD, UniqueId="from-the-test", Status=status)
        return True

    # The event that tells of the wait comes a moment before it.
    _wait_until(is_received)


def _wait_until(happened: Callable[[], bool]) -> None:
    """An error of the cloud, such as that there is no such stack, counts as not yet."""
    deadline = time.monotonic() + SECONDS_TO_HOLD
    while time.monotonic() < deadline:
        with suppress(ClientError):
            if happened():
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing happened within {SECONDS_TO_HOLD} s")


def status_of(cloud: Cloud, stack: str) -> str:
    (described,) = CloudInventory(cloud).client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    return str(described["StackStatus"])


def credentials(cloud: Cloud, gateway: str) -> dict[str, str]:
    """Name -> value of the secrets of a gateway, and id -> value of its API keys, which hold the same values."""
    inventory = CloudInventory(cloud)
    secrets = inventory.secrets(f"{gateway}/", "us-east-1")
    keys = inventory.client("apigateway").get_api_keys(includeValues=True, limit=500)["items"]
    return {name: value for value, name in secrets.items()} | {
        key["id"]: key["value"] for key in keys if key["value"] in secrets
    }


def rates(cloud: Cloud, gateway: str) -> list[float]:
    """Requests per second that the usage plans of a gateway allow."""
    stack = f"{gateway}-api"
    inventory = CloudInventory(cloud)
    resources = inventory.client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    plans = [each["PhysicalResourceId"] for each in resources if each["ResourceType"] == "AWS::ApiGateway::UsagePlan"]
    client = inventory.client("apigateway")
    return [client.get_usage_plan(usagePlanId=plan)["throttle"]["rateLimit"] for plan in plans]
