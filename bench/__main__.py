"""`python -m bench` measures everything and writes bench/RESULTS.md: minutes, and a machine that does nothing else."""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench.first_deploy import count_calls
from bench.gateways import MOST_RAW_MODELS, read_templates, render_gateway, size_of
from bench.machine import describe_machine
from bench.report import GrownGateway, LoadedFile, Results, render_results
from bench.runs import REPOSITORY, Run, Subject, alternate, run
from bench.subject_list import OURS, SUBJECTS

RESULTS: Final = REPOSITORY / "bench" / "RESULTS.md"
MODELS: Final = (1, 10, 100)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="runs of each subject (default: 5)")
    parser.add_argument("--output", type=Path, default=RESULTS, help="the file to write (default: bench/RESULTS.md)")
    options = parser.parse_args(arguments)
    load = os.getloadavg()
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        directory = Path(temporary)
        results = Results(
            machine=describe_machine(load),
            subjects=alternate(SUBJECTS, rounds=options.rounds, directory=directory),
            grown=measure_growth(MODELS, rounds=options.rounds, directory=directory),
            files=measure_files(rounds=options.rounds, directory=directory),
        )
    options.output.write_text(render_results(results))
    print(options.output.read_text())


def measure_growth(models: Sequence[int], *, rounds: int, directory: Path) -> list[GrownGateway]:
    """Synthesize gateways with so many raw models, in turn."""
    subjects = {count: _subject_with(count, directory) for count in models}
    runs = alternate(list(subjects.values()), rounds=rounds, directory=directory)
    return [
        GrownGateway(
            models=count,
            runs=runs[subject.name],
            size=size_of(directory / subject.name),
            calls=count_calls(read_templates(directory / subject.name)),
        )
        for count, subject in subjects.items()
    ]


def _subject_with(count: int, directory: Path) -> Subject:
    file = directory / f"{count}.yaml"
    file.write_text(render_gateway(count))
    return Subject(name=f"{OURS}_{count}", command=(sys.executable, "app.py"), context=(("config", str(file)),))


def measure_files(*, rounds: int, directory: Path) -> list[LoadedFile]:
    """Load the largest file that is accepted, and two that are refused: as too large, and for every single model."""
    texts = {
        f"{MOST_RAW_MODELS} models, as many as fit": render_gateway(MOST_RAW_MODELS),
        "1000 models": render_gateway(1000),
        "1000 models, each with a problem": render_gateway(1000, scheme="http"),
    }
    return [_measure_file(content, text, rounds, directory) for content, text in texts.items()]


def _measure_file(content: str, text: str, rounds: int, directory: Path) -> LoadedFile:
    file, log = directory / "gateway.yaml", directory / "load.log"
    file.write_text(text)
    command = (sys.executable, "-m", "bench.load_file", str(file))
    runs: list[Run] = [run(command, log=log) for _ in range(rounds + 1)][1:]
    problems = [line.removeprefix(f"{file}:") for line in log.read_text().splitlines()]
    return LoadedFile(content=content, runs=runs, problems=problems)


if __name__ == "__main__":
    main()
