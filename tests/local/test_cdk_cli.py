"""How runs of the CDK CLI end, shown with a stand-in for it."""

import signal
import sys
from pathlib import Path

import pytest

from ml_gateway.local import cdk_cli
from ml_gateway.local.cdk_cli import CdkCli
from ml_gateway.local.cloud import Cloud
from ml_gateway.local.processes import LocalCloudError


@pytest.fixture
def cloud(tmp_path: Path) -> Cloud:
    return Cloud(port=1, account="000000000000", directory=tmp_path, process_id=0)


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A script that runs instead of the CLI; it prints its arguments first."""
    script = tmp_path / "project" / "node_modules" / ".bin" / "cdk"
    script.parent.mkdir(parents=True)
    script.write_text('#!/bin/sh\necho "$@"\n')
    script.chmod(0o700)
    (tmp_path / "project" / "cdk.json").write_text("{}")
    monkeypatch.chdir(tmp_path / "project")
    return script


def new_cli(cloud: Cloud) -> CdkCli:
    return CdkCli(cloud=cloud, directory=cloud.directory / "runs", context={"config": "gateway.yaml"})


def add(stand_in: Path, line: str) -> None:
    with stand_in.open("a") as script:
        script.write(f"{line}\n")


def test_missing_cli_is_said_before_anything_runs(
    cloud: Cloud, stand_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in.unlink()
    monkeypatch.setenv("PATH", str(cloud.directory))
    with pytest.raises(LocalCloudError, match=r"^the CDK CLI is not installed; npm install does so in /"):
        new_cli(cloud)


def test_one_that_is_installed_elsewhere_is_taken(
    cloud: Cloud, stand_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in.rename(cloud.directory / "cdk")
    monkeypatch.setenv("PATH", str(cloud.directory), prepend=":")
    assert "deploy --all" in new_cli(cloud).deploy().log.read_text()


def test_a_folder_without_cdk_json_is_said_with_the_way_out(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LocalCloudError, match=r"^there is no cdk.json in /.*; go to the folder that ml-gateway init"):
        new_cli(cloud)


def test_failed_run_shows_the_end_of_its_output(cloud: Cloud, stand_in: Path) -> None:
    add(stand_in, "echo 'no such role' >&2; exit 3")
    with pytest.raises(
        LocalCloudError, match=r"^cdk deploy failed with exit code 3; the end of its output:\n(.*\n)+  no"
    ):
        new_cli(cloud).deploy()


def test_run_that_takes_too_long_is_ended(cloud: Cloud, stand_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(stand_in, "sleep 60")
    monkeypatch.setattr(cdk_cli, "SECONDS_FOR_ONE_RUN", 0.5)
    with pytest.raises(LocalCloudError, match=r"^cdk destroy took more than 0.5 s"):
        new_cli(cloud).destroy()


def test_run_that_nobody_waits_for_is_stopped(cloud: Cloud, stand_in: Path) -> None:
    add(stand_in, "sleep 60")
    with new_cli(cloud).deploying() as running:
        assert running.process.poll() is None
    assert running.wait().exit_code == -signal.SIGTERM


@pytest.mark.usefixtures("stand_in")
def test_app_is_a_command_until_an_assembly_takes_its_place(cloud: Cloud) -> None:
    cli = new_cli(cloud)
    before = cli.deploy().log.read_text()
    cli.app = "cdk.out"
    assert f"--app {sys.executable} -m ml_gateway.local.app -c" in before
    assert "--app cdk.out -c" in cli.deploy().log.read_text()


def test_it_can_reach_no_account(cloud: Cloud, stand_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the caller has: a profile, keys, an endpoint of their own."""
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS"):
        monkeypatch.setenv(name, "of-the-caller")
    add(stand_in, "env")
    printed = new_cli(cloud).deploy().log.read_text()
    told = dict(line.split("=", 1) for line in printed.splitlines() if line.startswith("AWS_"))
    assert "of-the-caller" not in printed
    assert told["AWS_ENDPOINT_URL"] == cloud.endpoint == "http://127.0.0.1:1"
    assert told["AWS_EC2_METADATA_DISABLED"] == "true"
    assert not Path(told["AWS_CONFIG_FILE"]).exists()
    assert not Path(told["AWS_SHARED_CREDENTIALS_FILE"]).exists()


def test_difference_is_an_answer_and_not_a_failure(cloud: Cloud, stand_in: Path) -> None:
    add(stand_in, "exit 1")
    assert new_cli(cloud).diff().exit_code == 1


@pytest.mark.usefixtures("stand_in")
def test_every_run_has_a_log_and_an_output_directory_of_its_own(cloud: Cloud) -> None:
    cli = new_cli(cloud)
    cli.context["generation"] = "2"
    printed = [run.log.read_text() for run in (cli.deploy(), cli.deploy("acme-api"))]
    assert [log.name for log in sorted(cli.directory.glob("*.log"))] == [
        "01-deploy.log",
        "02-deploy.log",
    ]
    assert "deploy --all" in printed[0]
    assert "deploy acme-api" in printed[1]
    assert f"--output {cli.directory / '02-deploy'} " in printed[1]
    assert "-c config=gateway.yaml -c generation=2" in printed[1]
