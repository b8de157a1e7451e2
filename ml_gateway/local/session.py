"""A gateway in a cloud of its own, from nothing to the first request, as long as a block runs."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Final

from ml_gateway.config import GatewayConfig
from ml_gateway.design import GatewayDesign, Identified
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.bootstrap import bootstrap
from ml_gateway.local.cdk_cli import CdkCli
from ml_gateway.local.cloud import running_cloud
from ml_gateway.local.gateway import LocalGateway, deployed_gateway, local_context, regions_of, stacks_of
from ml_gateway.local.issuer import local_issuer, tokens_of_clients
from ml_gateway.local.processes import LocalCloudError
from ml_gateway.local.stand_ins import define_functions

SDK: Final = "@aws-sdk/client-secrets-manager"
SDK_VERSION: Final = "3.1164.0"
"""What Lambda brings along for functions of Node, and a machine does not; package.json has the same version."""

Step = Callable[[str], AbstractContextManager[None]]
"""Says what is under way while a block runs."""


@contextmanager
def running_gateway(
    file: Path,
    config: GatewayConfig,
    *,
    directory: Path,
    step: Step,
    model_server: str,
    servers: Mapping[str, str] | None = None,
) -> Iterator[LocalGateway]:
    """The gateway of `file`, deployed by the CDK CLI into an emulator that stops when the block ends.

    `config` is what the file says, as far as it is local: see servers.py, for `model_server` and `servers`, too.
    `directory` gets the logs of all that runs. Raises LocalCloudError with the end of such a log.
    """
    _expect_sdk(config)
    with ExitStack() as stack:
        with step("starting the local cloud"):
            issuer = stack.enter_context(local_issuer(config, directory))
            trusted = issuer.certificate if issuer else None
            cloud = stack.enter_context(running_cloud(directory, account=config.account, certificates=trusted))
            bootstrap(cloud, regions_of(config))
        if servers is not None:
            for region in config.regions:
                define_functions(config, servers, CloudInventory(cloud).client("lambda", region), region=region)
        issuers = {name: issuer.url_of(name) for name in config.issuers} if issuer else {}
        context = local_context(file, config, cloud=cloud, model_server=model_server, servers=servers, issuers=issuers)
        cdk = CdkCli(cloud=cloud, directory=cloud.directory / config.name, context=context)
        tokens = tokens_of_clients(config, issuer)
        with step(f"cdk deploy, {' and '.join(stacks_of(config))}"):
            gateway = stack.enter_context(deployed_gateway(config, cloud=cloud, cdk=cdk, tokens=tokens))
        yield gateway


def _expect_sdk(config: GatewayConfig) -> None:
    identified = isinstance(GatewayDesign.of(config).callers, Identified)
    if identified and not (Path("node_modules") / SDK / "package.json").is_file():
        raise LocalCloudError(
            "the function that tells who calls needs AWS's SDK, which Lambda has and this folder does not: "
            f"npm install --save-dev --save-exact {SDK}@{SDK_VERSION}"
        )
