"""Does with synthesized stacks what the CDK CLI does with them, in a fraction of its time.

One after another, each after those that it depends on; the first that fails is the last; one whose template is the
deployed one is left alone; one that was never complete is deleted first. quick_cdk.py brings the assets.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

from botocore.exceptions import ClientError  # type: ignore[import-untyped]  # it has no stubs

from ml_gateway import GatewayConfig
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.bootstrap import STACK as TOOLKIT
from ml_gateway.local.cloud import Cloud
from ml_gateway.local.gateway import stacks_of
from tests.e2e.held_deploy import local_assembly
from tests.synthesis import Json

Role = Literal["keys", "api", "edge"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
"""In the order in which they are deployed."""

SECONDS_FOR_ONE_STACK: Final = 30
UNCHANGED: Final = "unchanged"
LARGEST_TEMPLATE_BODY: Final = 51_200
"""Bytes that a call may carry: docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html."""
COMPLETE: Final = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", UNCHANGED})
DELETED: Final = "DELETE_COMPLETE"


@dataclass(frozen=True, kw_only=True, slots=True)
class SynthesizedStack:
    """A stack as an assembly has it."""

    name: str
    region: str
    template: Json

    def failing(self) -> "SynthesizedStack":
        """The same with one more resource, which cannot be created, and which comes after all others."""
        resources = self.template["Resources"]
        impossible = {
            "Type": "AWS::ApiGateway::UsagePlanKey",
            "Properties": {"KeyId": "none", "KeyType": "API_KEY", "UsagePlanId": "none"},
            "DependsOn": list(resources),
        }
        template = {**self.template, "Resources": {**resources, "Impossible": impossible}}
        return SynthesizedStack(name=self.name, region=self.region, template=template)


Stacks = Mapping[Role, SynthesizedStack]


def synthesized(config: GatewayConfig, *, cloud: Cloud, model_server: str, api_id: str | None = None) -> Stacks:
    """The stacks of a gateway. `api_id` as for `local_origin`."""
    directory = local_assembly(config, cloud=cloud, model_server=model_server, api_id=api_id)
    ids = {name: construct_id for construct_id, (name, _) in stacks_of(config).items()}
    assert len(ids) == len(ROLES)
    return {role: _read(directory, ids[f"{config.name}-{role}"], f"{config.name}-{role}") for role in ROLES}


def _read(directory: Path, construct_id: str, stack: str) -> SynthesizedStack:
    artifact = json.loads((directory / "manifest.json").read_text())["artifacts"][construct_id]
    template = json.loads((directory / artifact["properties"]["templateFile"]).read_text())
    # They ask whether the region is bootstrapped, which only assets need.
    del template["Parameters"], template["Rules"]
    return SynthesizedStack(name=stack, region=artifact["environment"].rpartition("/")[2], template=template)


class StackDeployer:
    """Deploys stacks into one cloud, and deletes them."""

    def __init__(self, cloud: Cloud) -> None:
        self._inventory = CloudInventory(cloud)

    def deploy(
        self,
        stacks: Stacks,
        *,
        failing: Role | None = None,
        roles: Sequence[Role] = ROLES,
        after_each: Callable[[], object] = lambda: None,
    ) -> dict[Role, str]:
        """What became of each stack: its status, or that it is unchanged. The one that is `failing` will."""
        ended: dict[Role, str] = {}
        for role in roles:
            ended[role] = self.deploy_stack(stacks[role].failing() if role == failing else stacks[role])
            after_each()
            if "ROLLBACK" in ended[role]:
                break
        return ended

    def deploy_stack(self, stack: SynthesizedStack) -> str:
        """Its status, or that it is unchanged."""
        if self.status(stack) == "ROLLBACK_COMPLETE":
            self.delete(stack)
        client = self._client(stack)
        there = self.status(stack) != DELETED
        if there and client.get_template(StackName=stack.name)["TemplateBody"] == stack.template:
            return UNCHANGED
        change: Any = client.update_stack if there else client.create_stack
        change(StackName=stack.name, **self._template(stack))
        return self._ended(stack)

    def _template(self, stack: SynthesizedStack) -> dict[str, str]:
        """As CloudFormation takes it: one that is larger is read from the bucket of the assets."""
        body = json.dumps(stack.template)
        if len(body) <= LARGEST_TEMPLATE_BODY:
            return {"TemplateBody": body}
        bucket = self._inventory.outputs(TOOLKIT, stack.region)["BucketName"]
        self._inventory.client("s3", stack.region).put_object(Bucket=bucket, Key=stack.name, Body=body.encode())
        return {"TemplateURL": f"https://s3.{stack.region}.amazonaws.com/{bucket}/{stack.name}"}

    def destroy(self, stacks: Stacks, *, roles: Sequence[Role] = ROLES) -> dict[Role, str]:
        """The status of each stack, the last one first, until one cannot be deleted."""
        ended: dict[Role, str] = {}
        for role in reversed(roles):
            ended[role] = self.delete(stacks[role])
            if ended[role] != DELETED:
                break
        return ended

    def delete(self, stack: SynthesizedStack, *, retain: Sequence[str] = ()) -> str:
        """The status of a stack that was to be deleted, those of its resources aside whose logical ids are named."""
        self._client(stack).delete_stack(StackName=stack.name, RetainResources=list(retain))
        return self._ended(stack)

    def status(self, stack: SynthesizedStack) -> str:
        """That of a stack which there is no more is that it is deleted."""
        try:
            (described,) = self._client(stack).describe_stacks(StackName=stack.name)["Stacks"]
        except ClientError:
            return DELETED
        return str(described["StackStatus"])

    def undeleted(self, stack: SynthesizedStack) -> dict[str, tuple[str, str]]:
        """Of a stack that could not be deleted what there still is: type and physical id, by the logical id."""
        found = self._client(stack).describe_stack_resources(StackName=stack.name)["StackResources"]
        assert {each["ResourceStatus"] for each in found} == {"DELETE_FAILED"}
        return {each["LogicalResourceId"]: (each["ResourceType"], each["PhysicalResourceId"]) for each in found}

    def _client(self, stack: SynthesizedStack) -> Any:
        return self._inventory.client("cloudformation", stack.region)

    def _ended(self, stack: SynthesizedStack) -> str:
        deadline = time.monotonic() + SECONDS_FOR_ONE_STACK
        while (status := self.status(stack)).endswith("_IN_PROGRESS"):
            assert time.monotonic() < deadline, f"{stack.name} is {status} after {SECONDS_FOR_ONE_STACK} s"
            time.sleep(0.02)
        return status
