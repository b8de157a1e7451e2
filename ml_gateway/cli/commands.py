"""What commands there are. Each is loaded when it is called, so that none waits for what another one needs."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from cyclopts import App, CycloptsError, Parameter

import ml_gateway

if TYPE_CHECKING:
    from rich.console import Console

WRONG_USAGE: Final = 2
"""The status for arguments that are refused; 1 is for what a command has found."""

command: Final = App(
    name="ml-gateway",
    help="One front door for ML models on AWS: API Gateway behind CloudFront, from one file.",
    version=ml_gateway.__version__,
    default_parameter=Parameter(negative=()),
    help_formatter="default" if sys.stdout.isatty() else "plain",
    exit_on_error=False,
    print_error=False,
)
_NAMES: Final = ("init", "app", "check", "explain", "diff", "openapi", "local")
for each in _NAMES:
    command.command(f"ml_gateway.cli.{each}:{each}")


def run(arguments: Sequence[str]) -> None:
    """Exits with the status of the command that the arguments name."""
    try:
        command(arguments, console=_console() if not arguments or "--help" in arguments else None)
    except CycloptsError as error:
        print(f"ml-gateway: {error}; see ml-gateway --help", file=sys.stderr)
        sys.exit(WRONG_USAGE)


def _console() -> "Console":
    """For help alone, as it takes a while to load. Without a terminal there is no width to fit into."""
    from rich.console import Console

    for each in _NAMES:
        command[each]  # loads it: the list of commands has what each one says of itself
    return Console() if sys.stdout.isatty() else Console(width=200, highlight=False)
