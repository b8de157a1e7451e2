"""`make live`: ask an AWS account what no emulator shows. It deploys gateways of its own, and destroys them."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from live import costs
from live.place import Place, RefusalError
from live.plan import PREFIX, is_name, line_to_destroy, new_name, regions
from live.questions import questions
from live.report import DATE, FOLDER, Answer, LeakError, Report, write_report
from live.run import Run, run, taken_away
from ml_gateway import __version__
from ml_gateway.config.types.aws import COMMERCIAL_REGION
from ml_gateway.local.processes import LocalCloudError, exit_when_told_to
from ml_gateway.local.progress import step
from ml_gateway.naming import EDGE_REGION

COLORS = {"held": "[green]held[/]", "did not hold": "[bold red]did NOT hold[/]", "not asked": "not asked"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; 0 when nothing that was asked failed and nothing is left, 1 otherwise."""
    options = _parse(arguments)
    exit_when_told_to()
    console = Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=150)
    told = partial(console.print, markup=False, soft_wrap=True)
    try:
        with tempfile.TemporaryDirectory(prefix="ml-gateway-") as directory, _place(options, directory) as place:
            if options.destroy:
                place.expect_ready()
                return 1 if taken_away(place, options.destroy, told=told) else 0
            return _ask_all(place, options, console, told)
    except (RefusalError, LocalCloudError, LeakError) as error:
        print(error, file=sys.stderr)
        return 1


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m live", description=__doc__)
    parser.add_argument("--local", action="store_true", help="in the local cloud: this is no witness of AWS")
    parser.add_argument("--yes", action="store_true", help="do not ask before anything is made")
    parser.add_argument("--destroy", metavar="NAME", help="take away what an earlier run left, and do nothing else")
    parser.add_argument(
        "--zone", help="the id of a public hosted zone, for a gateway in two regions; with --second-region"
    )
    parser.add_argument("--second-region", metavar="REGION", help="the region beside us-east-1; with --zone")
    parser.add_argument("--vpc", action="store_true", help="define a VPC as well, and ask what is behind a VPC link")
    parser.add_argument("--reports", type=Path, default=FOLDER, help="where to write the report (%(default)s)")
    options = parser.parse_args(arguments)
    if options.destroy and not is_name(options.destroy):
        parser.error(f"{options.destroy!r} is not the name of a run; they are called {PREFIX}1a2b")
    second = options.second_region
    if second and (second == EDGE_REGION or not COMMERCIAL_REGION.fits(second)):
        parser.error(f"{second!r} is no region beside {EDGE_REGION}, such as eu-west-1")
    if bool(options.zone) != bool(second):
        parser.error(
            "a gateway in two regions takes both: --zone (ZONE=Z...) and --second-region (SECOND_REGION=eu-west-1)"
        )
    return options


@contextmanager
def _place(options: argparse.Namespace, directory: str) -> Iterator[Place]:
    # Each of them loads what the other has no use for.
    if options.local:
        from live.local_place import local_place

        with local_place(Path(directory)) as place:
            yield place
    else:
        from live.account import Account

        yield Account(Path(directory), zone=options.zone, second_region=options.second_region, vpc=options.vpc)


def _ask_all(place: Place, options: argparse.Namespace, console: Console, told: Callable[[str], None]) -> int:
    name = new_name()
    if place.name == "aws":
        place.expect_ready()
        where = " and ".join(regions(place.brought))
        told(f"This deploys stacks called {name}-* in {where}, asks them, and destroys them: one to two hours.")
        told(costs.said(place.brought))
        if not options.yes and not _agreed():
            raise RefusalError("nothing was made; YES=1 goes on without this question")
    told(f"If this is killed: {line_to_destroy(name, place.brought)}")
    found, left = run(place, name, step=partial(step, console), told=told)
    answers = [found.answers[question] for question in questions()]
    _show(answers, console, place)
    told(f"The report is {_write(found, answers, options.reports)}. docs/live.md says how to send it back.")
    return 1 if left or any(each.verdict == "did not hold" for each in answers) else 0


def _agreed() -> bool:
    try:
        return input("Go on? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:  # nobody is there
        return False


def _write(found: Run, answers: Sequence[Answer], folder: Path) -> Path:
    report = Report(
        place=found.place.name,
        date=f"{datetime.now(UTC):{DATE}}",
        versions={"aws-cdk-lib": version("aws-cdk-lib"), "ml-gateway": __version__},
        answers=answers,
    )
    return write_report(report, folder, known=found.known)


def _show(answers: Sequence[Answer], console: Console, place: Place) -> None:
    table = Table("question", "what was expected", "seen", "", title=f"Asked of {place.name}")
    for each in answers:
        table.add_row(each.id, escape(questions()[each.id].asks), escape(each.saw), COLORS[each.verdict])
    console.print(table)
    if place.name != "aws":
        console.print("The local cloud is no witness of AWS: none of this counts as seen live.", markup=False)


if __name__ == "__main__":
    sys.exit(main())
