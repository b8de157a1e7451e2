"""`python -m bench` measures everything and writes bench/RESULTS.md: minutes, and a machine that does nothing else."""

import argparse
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Final

from bench.changed_line import AFTER, BEFORE, count_calls_of_a_change
from bench.first_deploy import count_calls
from bench.functions import FILES, measure_functions
from bench.gateways import read_templates, template_files
from bench.machine import describe_machine
from bench.report import LoadedFile, Results, Synthesis, render_results
from bench.runs import REPOSITORY, Run, Subject, alternate, log_of, run
from bench.subjects import commit_of, empty_app, gateways, loaded_files
from bench.suite import run_suite

RESULTS: Final = REPOSITORY / "bench" / "RESULTS.md"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="runs of each subject (default: 5)")
    parser.add_argument("--against", type=Path, help="another checkout, whose synthesis takes turns with this one's")
    options = parser.parse_args(arguments)
    if options.against and not (options.against / "app.py").is_file():
        parser.error(f"--against {options.against} has no app.py; name a checkout of this repository")
    machine = describe_machine(os.getloadavg()) | {"Rounds": str(options.rounds)}
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        results = measure(Path(temporary), rounds=options.rounds, against=options.against, machine=machine)
    RESULTS.write_text(render_results(results))
    print(RESULTS.read_text())


def measure(directory: Path, *, rounds: int, against: Path | None, machine: dict[str, str]) -> Results:
    """Run all subjects in one series, and look at what each wrote in its last run."""
    checkouts = [gateways(directory)]
    if against:
        checkouts.append(gateways(directory, against.resolve()))
    # Each beside the same of the other checkout: what lies between them in time blurs their ratio.
    apps = [empty_app(), *(app for same in zip_longest(*checkouts) for app in same if app)]
    files = loaded_files(directory)
    runs = alternate([*apps, *files], rounds=rounds, directory=directory)
    return Results(
        machine=machine,
        syntheses={app.name: _synthesis(directory / app.name, runs[app.name]) for app in apps},
        changes={app.name: _calls_of_a_change(app, directory) for app in apps if app.context},
        files={file.name: _loaded_file(log_of(directory / file.name), runs[file.name]) for file in files},
        functions={file: measure_functions(file) for file in FILES},
        suite=run_suite(),
        against=commit_of(against) if against else None,
    )


def _synthesis(assembly: Path, runs: Sequence[Run]) -> Synthesis:
    templates = read_templates(assembly)
    return Synthesis(
        runs=runs,
        resources=sum(len(template["Resources"]) for template in templates),
        template_bytes=sum(path.stat().st_size for path in template_files(assembly)),
        calls=count_calls(templates),
    )


def _calls_of_a_change(app: Subject, directory: Path) -> Mapping[str, int]:
    """Those of a deploy after one line of its file has changed, beside what it wrote in its last run."""
    ((key, file),) = app.context
    text = Path(file).read_text()
    changed = Path(file).with_suffix(".changed.yaml")
    changed.write_text(text.replace(BEFORE, AFTER))
    assembly = directory / f"{app.name}, changed"
    run(replace(app, context=((key, str(changed)),)), assembly)
    return count_calls_of_a_change(read_templates(directory / app.name), read_templates(assembly))


def _loaded_file(log: Path, runs: Sequence[Run]) -> LoadedFile:
    return LoadedFile(runs=runs, problems=log.read_text().splitlines())


if __name__ == "__main__":
    main()
