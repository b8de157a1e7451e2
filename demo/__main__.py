"""`make demo`: deploy a gateway into the local cloud and show what could be observed of it."""

import argparse
import json
import shlex
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from demo.model_requests import model_request
from demo.observations import Observation
from demo.rows import reason_to_refuse, reason_without_burst, rows
from demo.sample_server import running_sample_server
from ml_gateway.config import GatewayConfig
from ml_gateway.local.cdk_cli import REPOSITORY
from ml_gateway.local.cloud import running_cloud
from ml_gateway.local.gateway import LocalGateway, deployed_gateway, new_cdk, regions_of, stacks_of
from ml_gateway.local.processes import LocalCloudError, exit_when_told_to
from ml_gateway.reading import ConfigError, load_config


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; 0 when every row held, 1 when one did not or something failed."""
    options = _parse(arguments)
    exit_when_told_to()
    # Without a terminal there is no width to fit into: a log should not have its table broken at 80 columns.
    console = Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=150)
    try:
        config = load_config(options.config)
        if reason := reason_to_refuse(config):
            raise LocalCloudError(f"{options.config}: {reason}")
        if reason := reason_without_burst(config):
            console.print(reason, markup=False)
        with tempfile.TemporaryDirectory(prefix="ml-gateway-") as directory:
            observations = _demonstrate(options.config, config, Path(directory), console=console, keep=options.keep)
    except (ConfigError, LocalCloudError) as error:
        print(error, file=sys.stderr)
        return 1
    except SystemExit:
        console.print("interrupted: everything is stopped and removed")
        raise
    console.print("everything is stopped and removed")
    return 0 if all(observation.held for observation in observations) else 1


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--config", type=Path, default=_usual_file(), help="the file to deploy (%(default)s)")
    parser.add_argument("--keep", action="store_true", help="keep it up until Ctrl-C instead of showing cdk destroy")
    return parser.parse_args(arguments)


def _usual_file() -> Path:
    """The file that cdk.json names, as for every other command."""
    settings = json.loads((REPOSITORY / "cdk.json").read_text())
    return Path(settings["context"]["config"])


def _demonstrate(
    file: Path, config: GatewayConfig, directory: Path, *, console: Console, keep: bool
) -> list[Observation]:
    with ExitStack() as stack:
        with _step(console, "training the sample model, starting its server"):
            server = stack.enter_context(running_sample_server())
        with _step(console, "starting the local cloud"):
            cloud = stack.enter_context(running_cloud(directory, account=config.account))
        cdk = new_cdk(file, config, cloud=cloud, model_server=server.url)
        with _step(console, f"cdk bootstrap, {' and '.join(regions_of(config))}"):
            cdk.bootstrap(cloud.account, regions_of(config))
        with _step(console, f"cdk deploy, {' and '.join(stacks_of(config))}"):
            gateway = stack.enter_context(deployed_gateway(config, cloud=cloud, cdk=cdk))
        observations = []
        for row in rows(config, keep=keep):
            with _step(console, row.title):
                observations.append(row.observe(gateway))
        _show(observations, console)
        if keep:
            _stay(gateway, console)
    return observations


@contextmanager
def _step(console: Console, title: str) -> Iterator[None]:
    """Say what is under way; where the line can be changed, also how long it took."""
    if not console.is_terminal:
        console.print(f"{title} ...", markup=False)
        yield
        return
    started = time.monotonic()
    with console.status(escape(title)):
        yield
    console.print(f"{title}: {time.monotonic() - started:.1f} s", markup=False)


def _show(observations: Sequence[Observation], console: Console) -> None:
    table = Table("claim", "expected", "observed", "", title="What was observed")
    for observation in observations:
        mark = "[green]held[/]" if observation.held else "[bold red]FAILED[/]"
        table.add_row(*map(escape, (observation.claim, observation.expected, observation.observed)), mark)
    console.print(table)


def _stay(gateway: LocalGateway, console: Console) -> None:
    with suppress(SystemExit):  # Ctrl-C is how the person says that it is enough
        console.print("It stays up until Ctrl-C. Through CloudFront, for each model:")
        for name in gateway.config.models:
            console.print(_curl(gateway, name), markup=False, soft_wrap=True)
        while True:
            signal.pause()


def _curl(gateway: LocalGateway, name: str) -> str:
    request = model_request(gateway.design, name)
    command = ["curl", "-sS", "-X", request.method, f"{gateway.cloud.endpoint}{request.path}"]
    for header, value in {**gateway.edge.headers, **request.headers}.items():
        command += ["-H", f"{header}: {value}"]
    if request.body:
        command += ["-d", request.body.decode()]
    return shlex.join(command)


if __name__ == "__main__":
    sys.exit(main())
