"""The emulator as a child process."""

import os
import signal
import socket
from pathlib import Path

import pytest
from ministack.services.cloudformation import provisioners

from ml_gateway.local import cloud as cloud_module
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.cloud import Cloud, running_cloud
from ml_gateway.local.processes import LocalCloudError
from ml_gateway.local.start_ministack import UNKNOWN_TO_MINISTACK, with_limits_of_methods
from tests.local.linux import is_alive, listening_sockets, on_loopback


def test_listens_on_one_port_of_loopback_and_is_gone_afterwards(tmp_path: Path) -> None:
    with running_cloud(tmp_path, account="123456789012") as cloud:
        assert listening_sockets(cloud.process_id) == {on_loopback(cloud.port)}
        sts = CloudInventory(cloud).client("sts")
        assert sts.get_caller_identity()["Account"] == "123456789012"
        assert listening_sockets(cloud.process_id) == {on_loopback(cloud.port)}
    assert not is_alive(cloud.process_id)
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", cloud.port)):
        pass


def test_is_gone_after_a_failure(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), running_cloud(tmp_path) as cloud:
        raise ZeroDivisionError
    assert not is_alive(cloud.process_id)


def test_state_survives_a_stop_but_not_a_kill(tmp_path: Path) -> None:
    state = tmp_path / "state"

    def parameters(cloud: Cloud) -> list[str]:
        return [each["Name"] for each in CloudInventory(cloud).client("ssm").describe_parameters()["Parameters"]]

    def put(cloud: Cloud, name: str) -> None:
        CloudInventory(cloud).client("ssm").put_parameter(Name=name, Value="kept", Type="String")

    with running_cloud(tmp_path, state=state) as cloud:
        put(cloud, "stopped")
    with running_cloud(tmp_path, port=cloud.port, state=state) as restarted:
        assert (restarted.port, parameters(restarted)) == (cloud.port, ["stopped"])
        put(restarted, "killed")
        os.killpg(restarted.process_id, signal.SIGKILL)
    with running_cloud(tmp_path, port=cloud.port, state=state) as revived:
        assert parameters(revived) == ["stopped"]
    with running_cloud(tmp_path) as another:
        assert parameters(another) == []


def test_caller_settings_do_not_reach_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIND_HOST", "0.0.0.0")
    monkeypatch.setenv("SERVICES", "s3")
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:1")
    with running_cloud(tmp_path) as cloud:
        assert listening_sockets(cloud.process_id) == {on_loopback(cloud.port)}
        assert CloudInventory(cloud).inventory(["us-east-1", "eu-west-1"]) == frozenset()


def test_failure_to_start_shows_the_end_of_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        monkeypatch.setattr(cloud_module, "free_port", lambda: port)
        with pytest.raises(LocalCloudError) as failure, running_cloud(tmp_path):
            pass
    assert str(failure.value).startswith("ministack did not start (exit code 1); the end of its log:\n")
    assert f"127.0.0.1:{port} is already in use" in str(failure.value)


def test_limits_of_methods_get_the_names_that_the_api_reads() -> None:
    of_cloudformation = {"ApiStages": [{"Throttle": {"/a/POST": {"RateLimit": 1, "BurstLimit": 2}}}]}
    plan = with_limits_of_methods(provisioners._apigw_usage_plan_body)(of_cloudformation)
    limit = plan["apiStages"][0]["throttle"]["/a/POST"]
    assert (limit["rateLimit"], limit["burstLimit"]) == (1, 2)


def test_what_is_accepted_without_effect_is_unknown_to_ministack() -> None:
    """Once it is known, the launcher need not care for it any more."""
    assert not set(UNKNOWN_TO_MINISTACK) & provisioners._RESOURCE_HANDLERS.keys()


def test_alarms_that_are_accepted_without_effect_are_refused_by_ministack() -> None:
    """Once they are not, the launcher need not care for them any more."""
    with pytest.raises(ValueError, match="metric math"):
        provisioners._cw_metric_alarm_record("errors", {"Metrics": [{"Id": "errors", "Expression": "1"}]})
