"""The CDK CLI, except that what deploys and destroys is stack_deployer.py: for gateways whose deploy shows nothing."""

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from aws_cdk.cx_api import CloudAssembly

from ml_gateway.config import GatewayConfig
from ml_gateway.local.cdk_cli import CdkCli, CdkRun
from ml_gateway.local.cloud import Cloud
from ml_gateway.local.gateway import LocalGateway, deployed_gateway
from tests.e2e.stack_deployer import COMPLETE, DELETED, StackDeployer, SynthesizedStack


class QuickCdk(CdkCli):
    """`app` has to be an assembly, without assets."""

    def __init__(self, *, cloud: Cloud, directory: Path, context: Mapping[str, str], project: Path = Path()) -> None:
        super().__init__(cloud=cloud, directory=directory, context=context, project=project)
        self._deployer = StackDeployer(cloud)

    def deploy(self, *stacks: str, options: Sequence[str] = ()) -> CdkRun:
        """All of them; there is nothing to choose."""
        assert not stacks
        assert not options
        ended = {name: self._deployer.deploy_stack(stack) for name, stack in self._stacks().items()}
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
        assert set(ended.values()) <= expected, ended
        return CdkRun(exit_code=0, log=log)

    def _stacks(self) -> dict[str, SynthesizedStack]:
        """By what the CLI calls them; each after those that it depends on."""
        assert not list(Path(self.app).glob("asset.*"))
        return {
            stack.hierarchical_id: SynthesizedStack(
                name=stack.stack_name,
                region=stack.environment.region,
                template=json.loads(Path(stack.template_full_path).read_text()),
            )
            for stack in CloudAssembly(self.app).stacks
        }


@contextmanager
def deployed_quickly(config: GatewayConfig, *, cloud: Cloud, cdk: CdkCli) -> Iterator[LocalGateway]:
    """What `cdk`, whose `app` is an assembly, would deploy, and goes on with."""
    quick = QuickCdk(cloud=cloud, directory=cdk.directory / "first", context={})
    quick.app = cdk.app
    with deployed_gateway(config, cloud=cloud, cdk=quick) as gateway:
        yield replace(gateway, cdk=cdk)
