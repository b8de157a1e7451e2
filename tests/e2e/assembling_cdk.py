"""The CDK CLI, with the gateway synthesized here and not in another process, which takes seconds more each time."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from aws_cdk import App

from ml_gateway.config import GatewayConfig
from ml_gateway.local.app import define_local_gateway
from ml_gateway.local.cdk_cli import CdkCli, RunningCdk
from ml_gateway.local.cloud import Cloud
from ml_gateway.local.gateway import local_context
from tests.synthesis import CONTEXT


class AssemblingCdk(CdkCli):
    """Before each run it does what `app_module` does in a process of its own; tests of the demo and of the command run
    that."""

    def define(self, app: App) -> None:
        define_local_gateway(app)

    def assemble(self) -> None:
        app = App(context={**CONTEXT, **self.context}, builtin_cloud_formation_validation=False)
        self.define(app)
        self.app = str(app.synth().directory)

    @contextmanager
    def _started(self, command: str, *arguments: str) -> Iterator[RunningCdk]:
        self.assemble()
        with super()._started(command, *arguments) as running:
            yield running


def assembling_cdk(
    file: Path, config: GatewayConfig, *, cloud: Cloud, model_server: str, issuers: Mapping[str, str] | None = None
) -> AssemblingCdk:
    """One whose runs all mean the gateway of `file`, as `local_context` has it."""
    context = local_context(file, config, cloud=cloud, model_server=model_server, issuers=issuers)
    return AssemblingCdk(cloud=cloud, directory=cloud.directory / config.name, context=context)
