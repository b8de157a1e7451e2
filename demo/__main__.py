"""`make demo`: deploy a gateway into the local cloud and show what could be observed of it."""

import argparse
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from demo.observations import Observation
from demo.rows import has_containers, reason_to_refuse, reason_without_burst, rows
from demo.sample_server import running_sample_server
from ml_gateway.cli.files import usual_file
from ml_gateway.config import GatewayConfig
from ml_gateway.credentials import API_KEY_HEADER
from ml_gateway.local.front import Front
from ml_gateway.local.gateway import LocalGateway
from ml_gateway.local.loopback import serving
from ml_gateway.local.processes import LocalCloudError, exit_when_told_to
from ml_gateway.local.progress import step
from ml_gateway.local.ready_lines import ready_lines
from ml_gateway.local.session import running_gateway
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
    parser.add_argument("--config", type=Path, default=usual_file(), help="the file to deploy (%(default)s)")
    parser.add_argument("--keep", action="store_true", help="keep it up until Ctrl-C instead of showing cdk destroy")
    return parser.parse_args(arguments)


def _demonstrate(
    file: Path, config: GatewayConfig, directory: Path, *, console: Console, keep: bool
) -> list[Observation]:
    with ExitStack() as stack:
        with step(console, "training the sample model, starting its server"):
            server = stack.enter_context(running_sample_server())
        gateway = stack.enter_context(
            running_gateway(
                file,
                config,
                directory=directory,
                step=partial(step, console),
                model_server=server.url,
                servers={} if has_containers(config) else None,
            )
        )
        observations = []
        for row in rows(config, keep=keep):
            with step(console, row.title):
                observations.append(row.observe(gateway))
        _show(observations, console)
        if keep:
            _stay(gateway, console)
    return observations


def _show(observations: Sequence[Observation], console: Console) -> None:
    table = Table("claim", "expected", "observed", "", title="What was observed")
    for observation in observations:
        mark = "[green]held[/]" if observation.held else "[bold red]FAILED[/]"
        table.add_row(*map(escape, (observation.claim, observation.expected, observation.observed)), mark)
    console.print(table)


def _stay(gateway: LocalGateway, console: Console) -> None:
    # Ctrl-C is how the person says that it is enough.
    with suppress(SystemExit), serving(Front(gateway, port=0, clients={}, told=lambda _: None)) as front:
        console.print("It stays up until Ctrl-C. Through CloudFront, for each model:")
        key = gateway.edge.headers.get(API_KEY_HEADER)
        for name in gateway.config.models:
            for line in ready_lines(gateway.design, name, address=front.url, key=key):
                console.print(line, markup=False, soft_wrap=True)
        while True:
            signal.pause()


if __name__ == "__main__":
    sys.exit(main())
