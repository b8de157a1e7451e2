"""The demo as a program: messages, exit codes, and that it leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from demo import __main__ as demo
from demo.observations import Observation
from demo.rows import reason_to_refuse, reason_without_burst
from ml_gateway.local.gateway import lowest_rate, shown_plan
from ml_gateway.reading import load_config
from tests.local.linux import descendants, listening_sockets, still_alive
from tests.synthesis import TOP

FILE = """
name: small
regions: [us-east-1]
stage: v1
models: {{predict: {{url: "https://model.example.com/invocations"}}}}
plans: {{default: {plan}}}
"""


def run_with(plan: str, directory: Path) -> int:
    file = directory / "gateway.yaml"
    file.write_text(FILE.format(plan=plan))
    return demo.main(["--config", str(file)])


@pytest.fixture
def demonstration(monkeypatch: pytest.MonkeyPatch) -> list[Observation]:
    """What the demo observes, without a cloud: what a test puts into it."""
    observations: list[Observation] = []
    monkeypatch.setattr(demo, "_demonstrate", lambda *_arguments, **_options: observations)
    return observations


def test_every_row_held(demonstration: list[Observation], tmp_path: Path) -> None:
    demonstration.append(Observation(claim="it works", expected="200", observed="200"))
    assert run_with("{rate: 2/s, burst: 10}", tmp_path) == 0


def test_one_row_did_not_hold(demonstration: list[Observation], tmp_path: Path) -> None:
    demonstration.append(Observation(claim="it works", expected="200", observed="200"))
    demonstration.append(Observation(claim="the key is required", expected="403", observed="200"))
    assert run_with("{rate: 2/s, burst: 10}", tmp_path) == 1


def test_problems_of_the_file_are_printed_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(demo, "_demonstrate")
    assert demo.main(["--config", str(tmp_path / "missing.yaml")]) == 1
    printed = capsys.readouterr()
    assert "missing.yaml" in printed.err
    assert printed.out == ""


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ("{rate: 2/s, burst: 10, quota: 50/day}", "the quota of 50 requests is too small for the demo"),
        ("{rate: 0.01/s, burst: 10}", "a rate of 0.01/s is too low for the demo"),
    ],
)
def test_plan_that_the_demo_would_exhaust_is_refused_before_anything_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, plan: str, message: str
) -> None:
    monkeypatch.delattr(demo, "_demonstrate")
    assert run_with(plan, tmp_path) == 1
    printed = capsys.readouterr()
    assert message in printed.err
    assert printed.out == ""


def test_plan_that_counts_is_that_of_the_first_client() -> None:
    first = load_config(TOP / "examples" / "multi_tenant.yaml")
    assert shown_plan(first) == first.plans["free"]
    assert lowest_rate(first.plans["free"]) == first.plans["free"].limits["llama"].rate.per_second
    assert reason_to_refuse(first) is None
    assert reason_without_burst(first) is None
    gold_first = first.model_copy(update={"clients": {"partner-x": first.clients["partner-x"]}})
    assert reason_without_burst(gold_first) is not None


def test_models_that_the_demo_cannot_serve_are_named_before_anything_starts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(demo, "_demonstrate")
    assert demo.main(["--config", str(TOP / "examples" / "every_backend.yaml")]) == 1
    printed = capsys.readouterr()
    named = "none for llama (load_balancer), fraud (sagemaker), language (lambda)"
    assert f"whose container it stands in for, and {named}" in printed.err
    assert printed.out == ""


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("plan", ["{rate: 2/s, burst: 5000}", "{rate: 500/s, burst: 10}"])
def test_burst_that_cannot_be_exceeded_is_said_before_anything_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], plan: str
) -> None:
    assert run_with(plan, tmp_path) == 0
    assert capsys.readouterr().out.startswith("no burst is shown: the plan allows")


def test_reading_a_file_starts_no_node() -> None:
    """The CDK library would: Ctrl-C in a terminal would reach it, and jsii would leave files and a traceback."""
    command = "import sys, demo.__main__; sys.exit('aws_cdk' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], cwd=TOP, check=False).returncode == 0


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("number", "while_it_says"), [(signal.SIGINT, "cdk deploy"), (signal.SIGTERM, "starting the local cloud")]
)
def test_interrupted_demo_leaves_nothing_behind(tmp_path: Path, number: signal.Signals, while_it_says: str) -> None:
    output = tmp_path / "output"
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with output.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "demo"],
            cwd=TOP,
            env={**os.environ, "TMPDIR": str(temporary)},
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        wait_for(output, while_it_says)
        time.sleep(2)
        started = descendants(process.pid)
        ports = {port for each in started for port in listening_sockets(each)}
        assert ports
        # A terminal sends Ctrl-C to every process of the group.
        os.killpg(process.pid, number)
        assert process.wait(timeout=30) == 128 + number
    finally:
        process.terminate()  # not kill: it would leave behind what it started
        process.wait(timeout=30)
    assert still_alive(started) == []
    assert list(temporary.iterdir()) == []
    assert output.read_text().splitlines()[-1] == "interrupted: everything is stopped and removed"


def wait_for(output: Path, line: str) -> None:
    deadline = time.monotonic() + 60
    while line not in output.read_text():
        assert time.monotonic() < deadline, output.read_text()
        time.sleep(0.1)
