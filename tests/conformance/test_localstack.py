"""LocalStack as a child process: on loopback only, and gone without a trace."""

import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from conformance import localstack
from conformance.deployed_api import DeployedApi
from conformance.localstack import running_localstack
from conformance.start_localstack import refuse_other_hosts
from ml_gateway.local.processes import LocalCloudError
from tests.local.linux import descendants, is_alive, listening_sockets, on_loopback


@pytest.mark.conformance
def test_listens_on_one_port_of_loopback_after_a_deployment(deployed: DeployedApi) -> None:
    process = deployed.cloud.process_id
    assert deployed.send("POST", "/model", headers=deployed.credentials).answer.status == 200
    assert listening_sockets(process) == {on_loopback(deployed.cloud.port)}
    assert descendants(process) == set()


@pytest.mark.conformance
def test_reaches_nothing_outside_loopback(broken: DeployedApi) -> None:
    assert broken.send("POST", "/team/nested", headers=broken.credentials).answer.status == 500
    log = (broken.cloud.directory / "localstack.log").read_text()
    assert "\nsocket.getaddrinfo refused: '192.0.2.1' is not on loopback\n" in log


@pytest.mark.conformance
def test_keeps_its_files_in_its_directory_and_is_gone_afterwards(tmp_path: Path) -> None:
    with running_localstack(tmp_path) as cloud:
        assert is_alive(cloud.process_id)
    assert not is_alive(cloud.process_id)
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", cloud.port)):
        pass
    assert {each.name for each in tmp_path.iterdir()} == {"home", "localstack.log", "root"}


def test_missing_environment_is_said_before_anything_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(localstack, "PYTHON", tmp_path / "nowhere")
    message = r"^LocalStack is not installed; `make conformance` installs it$"
    with pytest.raises(LocalCloudError, match=message), running_localstack(tmp_path):
        pass


def test_failure_to_start_shows_the_end_of_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    launcher = tmp_path / "launcher.py"
    launcher.write_text("raise SystemExit('no such setting')")
    monkeypatch.setattr(localstack, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(localstack, "LAUNCHER", launcher)
    message = r"^localstack did not start \(exit code 1\); the end of its log:\n  no such setting$"
    with pytest.raises(LocalCloudError, match=message), running_localstack(tmp_path):
        pass


@pytest.mark.parametrize(
    ("event", "arguments"),
    [
        ("socket.bind", (None, ("", 53))),
        ("socket.bind", (None, ("0.0.0.0", 4566))),
        ("socket.connect", (None, ("192.0.2.1", 443))),
        ("socket.connect", (None, ("2001:db8::1", 443, 0, 0))),
        ("socket.connect", (None, "/var/run/docker.sock")),
        ("socket.sendto", (None, ("192.0.2.1", 53))),
        ("socket.getaddrinfo", ("api.localstack.cloud", 443, 0, 1, 0)),
    ],
)
def test_launcher_refuses_what_is_not_on_loopback(event: str, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(PermissionError, match=r"refused: .* is not on loopback"):
        refuse_other_hosts(event, arguments)


@pytest.mark.parametrize(
    ("event", "arguments"),
    [
        ("socket.bind", (None, ("127.0.0.1", 0))),
        ("socket.connect", (None, ("localhost", 1))),
        ("socket.getaddrinfo", ("localhost", 1, 0, 1, 0)),
        ("open", ("/etc/hosts", "r", 0)),
    ],
)
def test_launcher_lets_the_rest_pass(event: str, arguments: tuple[Any, ...]) -> None:
    refuse_other_hosts(event, arguments)
