"""The CDK CLI, except that what deploys and destroys is stack_deployer.py: for gateways whose deploy shows nothing."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from aws_cdk.cx_api import CloudAssembly

from ml_gateway.config import GatewayConfig
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.cdk_cli import CdkCli, CdkRun
from ml_gateway.local.cloud import Cloud
from ml_gateway.local.gateway import LocalGateway, deployed_gateway
from ml_gateway.local.processes import LocalCloudError
from tests.e2e.held_deploy import local_assembly
from tests.e2e.stack_deployer import COMPLETE, DELETED, StackDeployer, SynthesizedStack


class QuickCdk(CdkCli):
    """`app` has to be an assembly, whose assets are archives."""

    def __init__(self, *, cloud: Cloud, directory: Path, context: Mapping[str, str], project: Path = Path()) -> None:
        super().__init__(cloud=cloud, directory=directory, context=context, project=project)
        self._cloud = cloud
        self._deployer = StackDeployer(cloud)

    def deploy(self, *stacks: str, options: Sequence[str] = ()) -> CdkRun:
        """All of them, until one fails; there is nothing to choose."""
        assert not stacks
        assert not options
        self._publish_assets()
        ended: dict[str, str] = {}
        for name, stack in self._stacks().items():
            ended[name] = self._deployer.deploy_stack(stack)
            if ended[name] not in COMPLETE:
                break
        return self._ran("deploy", ended, COMPLETE)

    def destroy(self, *stacks: str) -> CdkRun:
        """All of them, or `--exclusively` those that are named."""
        found = self._stacks()
        option, *named = stacks or ("--exclusively", *found)
        assert option == "--exclusively"
        assert named
        ended = {name: self._deployer.delete(found[name]) for name in reversed(found) if name in named}
        assert len(ended) == len(named)
        return self._ran("destroy", ended, {DELETED})

    def _ran(self, command: str, ended: Mapping[str, str], expected: Set[str]) -> CdkRun:
        log = self.directory / f"{next(self._run_numbers):02}-{command}.log"
        log.write_text(json.dumps(ended))
        if not set(ended.values()) <= expected:
            raise LocalCloudError(f"cdk {command} failed: {ended}")
        return CdkRun(exit_code=0, log=log)

    def _publish_assets(self) -> None:
        """Archives go where the templates look for them. The templates themselves are passed on."""
        for manifest in Path(self.app).glob("*.assets.json"):
            described = json.loads(manifest.read_text())
            assert not described["dockerImages"]
            for asset in described["files"].values():
                if asset["source"]["packaging"] == "zip":
                    directory = Path(self.app) / asset["source"]["path"]
                    archive = Path(shutil.make_archive(str(self.directory / directory.name), "zip", directory))
                    for place in asset["destinations"].values():
                        self._upload(archive, place)

    def _upload(self, archive: Path, place: Mapping[str, str]) -> None:
        bucket = place["bucketName"].replace("${AWS::AccountId}", self._cloud.account)
        client = CloudInventory(self._cloud).client("s3", place["region"])
        client.put_object(Bucket=bucket, Key=place["objectKey"], Body=archive.read_bytes())

    def _stacks(self) -> dict[str, SynthesizedStack]:
        """By what the CLI calls them; each after those that it depends on."""
        return {
            stack.hierarchical_id: SynthesizedStack(
                name=stack.stack_name,
                region=stack.environment.region,
                template=json.loads(Path(stack.template_full_path).read_text()),
            )
            for stack in CloudAssembly(self.app).stacks
        }


def quick_cdk(
    config: GatewayConfig, *, cloud: Cloud, model_server: str, issuers: Mapping[str, str] | None = None
) -> QuickCdk:
    """One whose `app` is the gateway of `config`, as `local_assembly` has it."""
    context = {"generation": str(config.origin_lock.generation)}
    cdk = QuickCdk(cloud=cloud, directory=cloud.directory / config.name, context=context)
    cdk.app = str(local_assembly(config, cloud=cloud, model_server=model_server, issuers=issuers))
    return cdk


@contextmanager
def deployed_quickly(
    config: GatewayConfig, *, cloud: Cloud, cdk: CdkCli, tokens: Mapping[str, str] = MappingProxyType({})
) -> Iterator[LocalGateway]:
    """What `cdk`, whose `app` is an assembly, would deploy, and goes on with. `tokens` as for `deployed_gateway`."""
    quick = QuickCdk(cloud=cloud, directory=cdk.directory / "first", context={})
    quick.app = cdk.app
    with deployed_gateway(config, cloud=cloud, cdk=quick, tokens=tokens) as gateway:
        yield replace(gateway, cdk=cdk)
