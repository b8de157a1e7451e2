"""`ml-gateway explain` says who may call, and what the model is told of who calls."""

import pytest

from ml_gateway.reading import load_config
from tests.cli.explained import explained
from tests.documents import integrations_of
from tests.synthesis import TOP, Templates

TENANTS = TOP / "examples" / "multi_tenant.yaml"
IDENTITIES = TOP / "examples" / "identities.yaml"


@pytest.mark.parametrize(
    ("asked", "step", "sentence"),
    [
        (("POST", "/predict"), "lock", "the caller sends a client's key or a token of corp, pool as x-api-key, bearer; "
         "without it 401"),
        (("POST", "/predict"), "client", "every client may call predict"),
        (("POST", "/llama/v1/chat/completions"), "client", "partner-x, mobile-app may call llama; every other client "
         "gets 403 model_not_allowed"),
        (("POST", "/predict"), "client", "while an issuer cannot be asked for its keys: 503 to its tokens alone"),
        (("POST", "/predict"), "limits", "plans.gold: 10/s, 20 at once (each key, and all tokens together, of "
         "partner-x, batch)"),
        (("POST", "/predict"), "limits", "plans.free: 5/s, 10 at once; 1000/day (each key of mobile-app)"),
        (("POST", "/predict"), "answer", "x-client-id: the client's name"),
    ],
)  # fmt: skip
def test_who_calls_and_what_they_may_call_is_told(asked: tuple[str, str], step: str, sentence: str) -> None:
    assert sentence in explained(load_config(IDENTITIES), *asked)[step]


def test_what_the_model_is_told_is_what_is_mapped(identities_templates: Templates) -> None:
    mapped = integrations_of(identities_templates["api"])["POST /predict"]["requestParameters"]
    headers = {name.rpartition(".")[2].lower() for name in mapped}
    said = explained(load_config(IDENTITIES), "POST", "/predict")["answer"]
    assert {line.partition(":")[0] for line in said if ": " in line} == headers


def test_a_gateway_of_keys_alone_has_no_such_step() -> None:
    assert "client" not in explained(load_config(TENANTS), "POST", "/llama/v1/chat/completions")
