"""RESULTS.md, from what was measured."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bench.first_deploy import least_seconds, slowest_quota
from bench.functions import Functions
from bench.runs import Run, paired_ratio, summarize
from bench.subjects import DEFAULT, EMPTY
from bench.suite import Suite
from ml_gateway.rules.rollouts import MOST_BYTES_OF_A_FUNCTION

_LAMBDAS: Final = ("authorizer", "overrides")

HOW_TO_READ: Final = """\
Written by `make bench`. Every run is a fresh process that gets what `cdk synth` gives an app: the context of cdk.json,
and a directory for the assembly. All subjects take turns, and one round before is not counted. Figures are medians over
the rounds.

Seconds depend on the machine, and on what else it does. **Read the ratios**: each is the median, over the rounds, of
one subject by another in the same round. The processor's seconds suffer less from other load than the clock's; when
the load average was near the number of cores, the clock's say little."""

SYNTHESES_ARE: Final = f"""\
Ratios are of the clock's seconds, and in brackets of the processor's. Memory is that of the largest process, Node.

* `{EMPTY}`: two stacks with one resource each that does nothing, as a stack without any does not pass the validation.
* `{DEFAULT}`: `python app.py` with gateway.yaml. The others: the same with a file of so many raw models, no firewall.

All run CloudFormation's own validation, whose findings are errors, and cdk-nag (AwsSolutions), and fail when one of the
two finds something (`tests/bench/test_runs.py`). The templates of each run serve as many models as its file has."""

DEPLOYS_ARE: Final = """\
The calls are those of API Gateway's control plane that define what is in the templates. The time is the least that its
quotas leave them, all made side by side (bench/first_deploy.py); CloudFront's own minutes come on top."""

CHANGES_ARE: Final = """\
The calls after one URL of the file has become another (bench/changed_line.py): the document is put as a whole, and
a new deployment takes the place of the old one, however many models there are."""

FUNCTIONS_ARE: Final = f"""\
The edge function as it is in the template, the largest if there are several: CloudFront takes
{MOST_BYTES_OF_A_FUNCTION:,} bytes. Those of Lambda as they are uploaded."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Synthesis:
    """An app that was synthesized: its runs, the size of its templates, and what a first deploy of them calls."""

    runs: Sequence[Run]
    resources: int
    template_bytes: int
    calls: Mapping[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadedFile:
    """A file that was loaded without the CDK, and the problems that were found in it."""

    runs: Sequence[Run]
    problems: Sequence[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Results:
    """All that was measured, by name.

    `changes`: the calls after a change of one line. `against`: the commit of the other checkout.
    """

    machine: Mapping[str, str]
    syntheses: Mapping[str, Synthesis]
    changes: Mapping[str, Mapping[str, int]]
    files: Mapping[str, LoadedFile]
    functions: Mapping[str, Functions]
    suite: Suite
    against: str | None = None


def render_results(results: Results) -> str:
    sections = (
        "# Speed and size",
        HOW_TO_READ,
        _table(("", ""), results.machine.items()),
        "## Synthesis",
        _render_syntheses(results.syntheses, results.against),
        SYNTHESES_ARE,
        "## A first deploy",
        _render_deploys(results.syntheses),
        DEPLOYS_ARE,
        "## A change of one line",
        _render_changes(results.changes),
        CHANGES_ARE,
        "## The functions",
        _render_functions(results.functions),
        FUNCTIONS_ARE,
        "## The file alone",
        _render_files(results.files),
        "From the start of Python to its end, without the CDK.",
        "## The tests",
        _render_suite(results.suite),
    )
    return "\n\n".join(sections) + "\n"


def _render_syntheses(syntheses: Mapping[str, Synthesis], against: str | None) -> str:
    header = ["app", "seconds", "fastest", "processor s", "memory MiB", f"by {EMPTY}", f"by {DEFAULT}"]
    rows = []
    for name, synthesis in syntheses.items():
        summary = summarize(synthesis.runs)
        row = [
            name,
            f"{summary.seconds:.2f}",
            f"{summary.fastest:.2f}",
            f"{summary.cpu_seconds:.2f}",
            f"{summary.peak_memory / 2**20:.0f}",
            _render_ratio(synthesis, syntheses[EMPTY]),
            _render_ratio(synthesis, syntheses[DEFAULT]),
        ]
        if against:
            other = syntheses.get(f"{name} at {against}")
            row.append(_render_ratio(synthesis, other) if other else "")
        rows.append(row)
    return _table([*header, f"by {against}"] if against else header, rows)


def _render_ratio(synthesis: Synthesis, other: Synthesis) -> str:
    clock = paired_ratio([run.seconds for run in synthesis.runs], [run.seconds for run in other.runs])
    processor = paired_ratio([run.cpu_seconds for run in synthesis.runs], [run.cpu_seconds for run in other.runs])
    return f"{clock:.2f} ({processor:.2f})"


def _render_deploys(syntheses: Mapping[str, Synthesis]) -> str:
    rows = [
        (
            name,
            str(synthesis.resources),
            f"{synthesis.template_bytes / 2**10:.0f}",
            str(sum(synthesis.calls.values())),
            f"{least_seconds(synthesis.calls):.0f} s ({slowest_quota(synthesis.calls)})",
        )
        for name, synthesis in syntheses.items()
        if name != EMPTY
    ]
    return _table(("app", "resources", "templates KiB", "calls", "least time"), rows)


def _render_changes(changes: Mapping[str, Mapping[str, int]]) -> str:
    rows = [
        (name, ", ".join(sorted(Counter(calls).elements())), f"{least_seconds(calls):.0f} s ({slowest_quota(calls)})")
        for name, calls in changes.items()
    ]
    return _table(("app", "calls", "least time"), rows)


def _render_functions(functions: Mapping[str, Functions]) -> str:
    rows = [
        (
            name,
            f"{each.edge:,}",
            f"{each.edge / MOST_BYTES_OF_A_FUNCTION:.0%}",
            *(f"{each.lambdas[kind] / 2**10:.0f}" if kind in each.lambdas else "" for kind in _LAMBDAS),
        )
        for name, each in functions.items()
    ]
    return _table(("file", "edge, bytes", "of its quota", *(f"{kind}, KiB" for kind in _LAMBDAS)), rows)


def _render_suite(suite: Suite) -> str:
    rows = [(suite.closing_line, f"{suite.seconds:.0f}", f"{suite.cpu_seconds:.0f}")]
    return _table(("all of them, once", "seconds", "processor s"), rows)


def _render_files(files: Mapping[str, LoadedFile]) -> str:
    rows = []
    for name, file in files.items():
        summary = summarize(file.runs)
        first = file.problems[0] if file.problems else "accepted"
        rows.append((name, f"{summary.seconds:.2f}", f"{summary.cpu_seconds:.2f}", str(len(file.problems)), first))
    return _table(("file", "seconds", "processor s", "problems", "the first of them"), rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
