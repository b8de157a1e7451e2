"""`ml-gateway local`: one port, own servers of every kind, and the SDKs as they come.

Not shown, as MiniStack collects answers: that a stream arrives in pieces.
"""

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import urllib3

from tests.e2e.chat_server import MODEL, running_chat_server
from tests.e2e.local_servers import running_echo, running_function
from tests.local.linux import descendants, listening_sockets, on_loopback, still_alive
from tests.local_command import RunningCommand, running_command, stop
from tests.synthesis import TOP

pytestmark = pytest.mark.e2e

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def errors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("local") / "errors"


@pytest.fixture(scope="module")
def running(errors: Path) -> Iterator[RunningCommand]:
    with ExitStack() as stack:
        chat, echo = stack.enter_context(running_chat_server()), stack.enter_context(running_echo())
        function = stack.enter_context(running_function())
        servers = {
            "llama": chat, "flowers": echo, "fraud": f"{echo}/model/invocations", "tenants": echo,
            "species": function, "inside": echo,
        }  # fmt: skip
        named = [word for name, url in servers.items() for word in ("--backend", f"{name}={url}")]
        yield stack.enter_context(running_command("--file", HERE / "local.yaml", *named, errors=errors))


def ask(
    running: RunningCommand, path: str, *, method: str = "POST", client: str | None = "mobile-app", **more: Any
) -> Any:
    headers = {"Content-Type": "application/json"} | ({"x-api-key": running.key(client)} if client else {})
    url = running.ready["url"] + path
    return urllib3.request(method, url, headers=headers, retries=False, timeout=60, **more)


def test_the_sdk_of_openai_needs_an_address_and_a_key(running: RunningCommand) -> None:
    import openai

    with openai.OpenAI(base_url=running.url("llama"), api_key=running.key("mobile-app")) as client:
        answer = client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": "hello to you"}])
        assert answer.choices[0].message.content == "HELLO TO YOU"
        messages: Any = [{"role": "user", "content": "one two"}]
        with client.chat.completions.create(model=MODEL, messages=messages, stream=True) as stream:
            assert [chunk.choices[0].delta.content for chunk in stream] == ["ONE", "TWO"]
    with (
        openai.OpenAI(base_url=running.url("llama"), api_key="sk-another", max_retries=0) as client,
        pytest.raises(openai.AuthenticationError, match="no valid API key was sent"),
    ):
        client.models.list()


def test_so_does_that_of_node(running: RunningCommand) -> None:
    script = str(TOP / "tests" / "clients" / "in_node.mjs")
    command = ["node", script, "openai", running.url("llama"), running.key("mobile-app")]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.returncode) == ("HELLO\n", 0), done.stderr


def test_a_raw_model_is_asked_at_its_path_on_the_server_that_was_named(running: RunningCommand) -> None:
    said = ask(running, "/flowers?a=b", body=b"[1]").json()
    assert (said["method"], said["echo"], said["body"]) == ("POST", "/v2/score?a=b", "[1]")
    assert said["headers"]["x-api-key"] == "replaced-by-gateway"


def test_without_a_server_a_stand_in_says_that_it_is_one(running: RunningCommand) -> None:
    said = ask(running, "/nobody", body=b"[1]").json()
    assert said["stand_in"].startswith("no server was named for this model: --backend ")
    assert (said["received"]["path"], said["received"]["body"]) == ("/score", "[1]")


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/fraud/invocations", "/model/invocations"),
        ("/tenants/acme", "/invocations?tenant=acme"),
        ("/vision/predictions/vision", "/predictions/vision"),
        ("/pictures/a/b.png", "/pictures/a/b.png"),
    ],
)
def test_endpoints_and_load_balancers_are_the_server_that_was_named(
    running: RunningCommand, path: str, asked: str
) -> None:
    answer = ask(running, path, body=b"[1]")
    assert (answer.status, answer.json()["echo"]) == (200, asked)


def test_a_load_balancer_sends_what_the_file_says(running: RunningCommand) -> None:
    assert ask(running, "/pictures/a", body=b"[1]").json()["headers"]["x-tenant"] == "acme"


def test_a_function_gets_its_event_and_answers_as_one(running: RunningCommand) -> None:
    answer = ask(running, "/species", body=b"[1]")
    assert answer.status == 201
    assert answer.json()["function"] == "/species"
    assert ask(running, "/species-again", body=b"[1]").json()["function"] == "/species-again"
    said = ask(running, "/silent", body=b"[1]").json()
    assert said["stand_in"].startswith("no server was named")
    assert said["received"]["httpMethod"] == "POST"


def test_plans_and_errors_are_those_of_the_file(running: RunningCommand) -> None:
    assert ask(running, "/nothing").json()["error"]["code"] == "unknown_url"
    statuses = [ask(running, "/flowers", client="batch", body=b"[1]").status for _ in range(8)]
    assert set(statuses) == {200, 429}
    assert ask(running, "/healthz", method="GET", client=None).status == 200
    assert ask(running, "/flowers", client=None, body=b"[1]").status == 401


def test_paths_arrive_at_the_edge_as_they_were_sent(running: RunningCommand) -> None:
    """Not as a library on the way would tidy them up: the edge refuses these."""
    port = urllib3.util.parse_url(running.ready["url"]).port
    for path in ("/a/../flowers", "//flowers", "/flowers%2Fb", "/flowers/."):
        command = [
            "curl",
            "-sS",
            "--path-as-is",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code}",
            f"http://127.0.0.1:{port}{path}",
        ]
        assert subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout == "400", path


def test_each_request_is_in_the_log_with_its_client(running: RunningCommand) -> None:
    before = len(running.requests)
    ask(running, "/flowers?secret=1", body=b"[1]")
    ask(running, "/flowers", client=None, body=b"[1]")
    first, second = running.logged(before + 2)[before:]
    assert (first["method"], first["path"], first["status"], first["client"]) == ("POST", "/flowers", 200, "mobile-app")
    assert 0 < first["seconds"] < 60
    assert (second["status"], second["client"]) == (401, None)


def test_what_is_other_here_than_it_will_be_is_said(running: RunningCommand, errors: Path) -> None:
    said = errors.read_text()
    assert running.ready["models"].keys() == {
        "llama", "flowers", "nobody", "fraud", "tenant", "species", "species-again", "silent", "vision", "picture"
    }  # fmt: skip
    for line in (
        "backends.chat: its server gets made-up values in place of its secrets",
        "backends.endpoint: no SageMaker is here; its container is asked directly, or a stand-in",
        "backends.function: arn:aws:lambda:us-east-1:123456789012:function:species:live is a stand-in, which hands its",
        "edge.domain: ml.acme.com is left out, as no hosted zone is here",
    ):
        assert line in said, said
    assert "nothing listens" not in said


def test_it_listens_on_loopback_alone(running: RunningCommand) -> None:
    port = urllib3.util.parse_url(running.ready["url"]).port
    ours = listening_sockets(running.process.pid)
    assert on_loopback(port or 0) in ours
    everything = ours.union(*(listening_sockets(each) for each in descendants(running.process.pid)))
    assert everything
    assert [each for each in everything if not each.startswith("0100007F:")] == []


# Last, as it ends the process.
def test_ctrl_c_leaves_nothing_behind(running: RunningCommand, errors: Path) -> None:
    started = descendants(running.process.pid)
    assert started
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(30) == 0
    assert still_alive(started) == []
    assert errors.read_text().splitlines()[-1] == "everything is stopped and removed"


def test_for_a_person_it_prints_lines_to_paste(tmp_path: Path) -> None:
    """With a terminal or without: what is pasted from it is answered."""
    output = tmp_path / "output"
    file = TOP / "examples" / "smallest.yaml"
    command = ["python", "-m", "ml_gateway.cli", "local", "--port", "0", "--file", str(file)]
    with output.open("w") as said, subprocess.Popen(command, cwd=TOP, stdout=said, stderr=said) as process:
        try:
            lines = wait_for(output, "  curl ")
            done = subprocess.run(["bash", "-c", lines[-1].strip()], capture_output=True, text=True, check=True)
            assert json.loads(done.stdout)["stand_in"]
            assert "  200  " in wait_for(output, "  POST /")[-1]
        finally:
            stop(process, signal.SIGINT)


def wait_for(output: Path, text: str) -> list[str]:
    """The lines that have `text`, once there is one."""
    deadline = time.monotonic() + 120
    while not (found := [line for line in output.read_text().splitlines() if text in line]):
        assert time.monotonic() < deadline, output.read_text()
        time.sleep(0.1)
    return found
