"""Row 29: each client of the table in docs/clients.md is run with the base URL and the key as the table has them."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest

from tests.clients import in_python
from tests.clients.gateway_stand_in import KEY, StandIn, arrives, stand_in
from tests.clients.in_python import Call
from tests.functions.edge_runtime import EdgeRuntime
from tests.synthesis import TOP


@dataclass(frozen=True, kw_only=True, slots=True)
class Client:
    """A row: what the docs call it, its base URL there, and the route that it calls."""

    name: str
    base: str
    call: Call
    route: str
    answer: str = "HELLO"
    real: bool = False

    def base_at(self, address: str) -> str:
        """Loopback has no TLS."""
        return self.base.replace("https://", "http://").replace("<domain>", address)


OPENAI = "POST /llama/v1/chat/completions"
ANTHROPIC = "POST /claude/v1/messages"
CLIENTS = [
    Client(name="`openai` (Python)", base="https://<domain>/llama/v1", call=in_python.openai_sdk, route=OPENAI),
    Client(name="`openai` (Node)", base="https://<domain>/llama/v1", call=in_python.in_node("openai"), route=OPENAI),
    Client(name="`@ai-sdk/openai-compatible`", base="https://<domain>/llama/v1",
           call=in_python.in_node("ai-sdk-openai-compatible"), route=OPENAI),
    Client(name="`AzureOpenAI` of `openai`", base="https://<domain>", call=in_python.azure_openai,
           route="POST /openai/deployments/azure/chat/completions"),
    Client(name="`anthropic` (Python)", base="https://<domain>/claude", call=in_python.anthropic_sdk, route=ANTHROPIC),
    Client(name="`@anthropic-ai/sdk`", base="https://<domain>/claude", call=in_python.in_node("anthropic"),
           route=ANTHROPIC),
    Client(name="`@ai-sdk/anthropic`", base="https://<domain>/claude/v1", call=in_python.in_node("ai-sdk-anthropic"),
           route=ANTHROPIC),
    Client(name="`tritonclient.http`", base="<domain>/iris", call=in_python.triton,
           route="POST /iris/v2/models/iris/infer", answer="2", real=True),
    Client(name="boto3 `sagemaker-runtime`", base="https://<domain>", call=in_python.sagemaker_runtime,
           route="POST /endpoints/fraud/invocations"),
    Client(name="curl, TensorFlow Serving", base="https://<domain>/half/v1/models/half:predict", call=in_python.curl,
           route="POST /half/v1/models/half:predict", answer='{"predictions": [1.5]}'),
    Client(name="curl, any raw model", base="https://<domain>/score", call=in_python.curl, route="POST /score",
           answer="{}"),
]  # fmt: skip


@pytest.fixture
def server() -> Iterator[StandIn]:
    with stand_in() as running:
        yield running


@pytest.mark.parametrize(
    "client", [pytest.param(each, id=each.name, marks=[pytest.mark.real] * each.real) for each in CLIENTS]
)
def test_a_client_reaches_its_model_with_its_key(client: Client, server: StandIn, runtime: EdgeRuntime) -> None:
    assert client.call(client.base_at(server.address), KEY) == client.answer
    assert [arrives(sent, runtime) for sent in server.received] == [(client.route, KEY)]


@pytest.mark.parametrize(
    ("client", "base"),
    [
        ("`openai` (Python)", "https://<domain>/llama"),
        ("`@ai-sdk/anthropic`", "https://<domain>/claude"),
        ("`anthropic` (Python)", "https://<domain>/claude/v1"),
        ("`AzureOpenAI` of `openai`", "https://<domain>/llama"),
    ],
)
def test_another_base_url_has_no_route(client: str, base: str, server: StandIn, runtime: EdgeRuntime) -> None:
    """What people try first; so that the test above can fail."""
    (row,) = (each for each in CLIENTS if each.name == client)
    wrong = Client(name=row.name, base=base, call=row.call, route="")
    # The stand-in answers anything, and each SDK has errors of its own.
    with suppress(Exception):
        wrong.call(wrong.base_at(server.address), KEY)
    assert {arrives(sent, runtime)[0] for sent in server.received} == {None}


def test_the_table_has_these_clients_and_no_other() -> None:
    rows = re.findall(r"^\| (.+?) \| `(\S*<domain>\S*)` \| (.+?) \|", (TOP / "docs" / "clients.md").read_text(), re.M)
    assert [(name, base) for name, base, _ in rows] == [(each.name, each.base) for each in CLIENTS]
