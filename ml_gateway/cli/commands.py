"""What commands there are. Those that need the CDK load it when they are called, so that no other one waits for it."""

import sys
from collections.abc import Sequence
from typing import Final

from cyclopts import App, CycloptsError, Parameter
from rich.console import Console
from rich.text import Text

import ml_gateway
from ml_gateway.cli.app import app
from ml_gateway.cli.check import check
from ml_gateway.cli.diff import diff
from ml_gateway.cli.explain import explain
from ml_gateway.cli.init import init
from ml_gateway.cli.openapi import openapi

WRONG_USAGE: Final = 2
"""The status for arguments that are refused; 1 is for what a command has found."""

_IN_A_TERMINAL: Final = sys.stdout.isatty()


def _told(error: CycloptsError) -> Text:
    return Text(f"ml-gateway: {error}; see ml-gateway --help")


command: Final = App(
    name="ml-gateway",
    help="One front door for ML models on AWS: API Gateway behind CloudFront, from one file.",
    version=ml_gateway.__version__,
    default_parameter=Parameter(negative=()),
    help_formatter="default" if _IN_A_TERMINAL else "plain",
    error_formatter=_told,
    # Without a terminal there is no width to fit into: a line is a problem, or a fact, and is not broken.
    console=Console() if _IN_A_TERMINAL else Console(width=200, highlight=False),
    error_console=Console(stderr=True, soft_wrap=True, highlight=False),
    exit_on_error=False,
)
for each in (init, app, check, explain, diff, openapi):
    command.command(each)


def run(arguments: Sequence[str]) -> None:
    """Exits with the status of the command that the arguments name."""
    try:
        command(arguments)
    except CycloptsError:
        sys.exit(WRONG_USAGE)
