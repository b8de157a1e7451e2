"""RESULTS.md, from what was measured."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bench.first_deploy import least_seconds, slowest_quota
from bench.gateways import AssemblySize
from bench.runs import Run
from bench.subject_list import EMPTY, OURS
from bench.summary import paired_ratio, summarize

GOALS: Final = {EMPTY: 1.25}
"""How many times as long as each of these ml_gateway may take at most."""

HOW_TO_READ: Final = """\
Written by `make bench`. Every run is a fresh process that gets what `cdk synth` gives an app: the context of cdk.json,
and a directory for the assembly. All subjects run CloudFormation's own validation, whose findings are errors, and the
AwsSolutions pack of cdk-nag; they use the same Node and the same versions of the libraries. The subjects take turns,
and one round before is not counted.

Seconds depend on the machine, and on what else it does. **Read the ratios**: each is the median, over the rounds, of
one subject by another in the same round. The processor's seconds suffer less from other load than the clock's."""

SUBJECTS_ARE: Final = """\
* `empty`: two stacks with one resource each that does nothing, as a stack without any does not pass the validation.
* `ml_gateway`: `python app.py` with gateway.yaml.

Each fails when one of the two checks has a finding (tests/bench/test_runs.py)."""

MANY_MODELS_ARE: Final = """\
Memory is that of the largest process, Node. The calls are those of API Gateway's control plane that define what is in
the templates. The time is the least that its quotas leave them, all made side by side (bench/first_deploy.py);
CloudFront's own minutes come on top."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GrownGateway:
    """A gateway with many models: how long it took, how large it is, and what a first deploy calls."""

    models: int
    runs: Sequence[Run]
    size: AssemblySize
    calls: Mapping[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadedFile:
    """A file that was loaded without the CDK, and the problems that were found in it."""

    content: str
    runs: Sequence[Run]
    problems: Sequence[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Results:
    """All that was measured."""

    machine: Mapping[str, str]
    subjects: Mapping[str, Sequence[Run]]
    grown: Sequence[GrownGateway]
    files: Sequence[LoadedFile]


def render_results(results: Results) -> str:
    sections = (
        "# Speed and size",
        HOW_TO_READ,
        _table(("", ""), results.machine.items()),
        "## The default gateway",
        _render_subjects(results.subjects),
        _render_goals(results.subjects),
        SUBJECTS_ARE,
        "## Many raw models",
        _render_grown(results.grown),
        MANY_MODELS_ARE,
        "## The file alone",
        _render_files(results.files),
        "From the start of Python to its end, without the CDK.",
    )
    return "\n\n".join(sections) + "\n"


def _render_subjects(subjects: Mapping[str, Sequence[Run]]) -> str:
    header = (
        "subject",
        "runs",
        "seconds",
        "fastest",
        "processor s",
        "memory MiB",
        "by empty",
    )
    rows = []
    for name, runs in subjects.items():
        summary = summarize(runs)
        rows.append(
            (
                f"**{name}**" if name == OURS else name,
                str(summary.runs),
                f"{summary.seconds:.2f}",
                f"{summary.fastest:.2f}",
                f"{summary.cpu_seconds:.2f}",
                f"{summary.peak_memory / 2**20:.0f}",
                _render_ratios(runs, subjects[EMPTY]),
            )
        )
    return f"{_table(header, rows)}\n\nRatios are of the clock's seconds, and in brackets of the processor's."


def _render_ratios(runs: Sequence[Run], others: Sequence[Run]) -> str:
    clock = _clock_ratio(runs, others)
    processor = paired_ratio([run.cpu_seconds for run in runs], [run.cpu_seconds for run in others])
    return f"{clock:.2f} ({processor:.2f})"


def _render_goals(subjects: Mapping[str, Sequence[Run]]) -> str:
    """By the clock, with the decimals that the table has."""
    lines = []
    for name, most in GOALS.items():
        ratio = round(_clock_ratio(subjects[OURS], subjects[name]), 2)
        outcome = "reached" if ratio <= most else f"**missed by {ratio - most:.2f}**"
        lines.append(
            f"* Goal: `{OURS}` takes at most {most:.2f} times as long as `{name}`: {outcome}, with {ratio:.2f}."
        )
    return "\n".join(lines)


def _clock_ratio(runs: Sequence[Run], others: Sequence[Run]) -> float:
    return paired_ratio([run.seconds for run in runs], [run.seconds for run in others])


def _render_grown(grown: Sequence[GrownGateway]) -> str:
    header = (
        "models", "runs", "seconds", "memory MiB", "resources", "templates KiB", "API resources", "calls", "least time"
    )  # fmt: skip
    rows = []
    for gateway in grown:
        summary = summarize(gateway.runs)
        minutes = least_seconds(gateway.calls) / 60
        rows.append(
            (
                str(gateway.models),
                str(summary.runs),
                f"{summary.seconds:.2f}",
                f"{summary.peak_memory / 2**20:.0f}",
                str(gateway.size.resources),
                f"{gateway.size.template_bytes / 2**10:.0f}",
                str(gateway.size.api_resources),
                str(sum(gateway.calls.values())),
                f"{minutes:.2f} min ({slowest_quota(gateway.calls)})",
            )
        )
    return _table(header, rows)


def _render_files(files: Sequence[LoadedFile]) -> str:
    rows = []
    for file in files:
        summary = summarize(file.runs)
        first = file.problems[0] if file.problems else "accepted"
        rows.append((file.content, str(summary.runs), f"{summary.seconds:.2f}", str(len(file.problems)), first))
    return _table(("file", "runs", "seconds", "problems", "the first of them"), rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
