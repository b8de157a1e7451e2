"""`ml-gateway local --backend fraud--v2=...`: a server of one version, of a model's versions, or of a backend."""

from collections.abc import Mapping

import pytest

from ml_gateway import GatewayConfig
from ml_gateway.cli.local import ServerError, server_for, server_of, versions_of
from ml_gateway.cli.local_run import LocalRun
from ml_gateway.design import GatewayDesign
from ml_gateway.local.servers import local_config, stood_in
from ml_gateway.reading import load_config
from tests.cli.conftest import RunCommand
from tests.files import BACKENDS, changed
from tests.synthesis import TOP

ROLLOUTS = TOP / "examples" / "rollouts.yaml"
URL = "http://127.0.0.1:8000"
OTHER = "http://127.0.0.1:9000"

CONFIG = GatewayConfig(
    **changed(
        {
            "backends": {**BACKENDS, "shared": {"type": "http", "url": "https://a.b/score"}},
            "models.fraud": {
                "versions": {"v1": {"backend": "sagemaker"}, "v2": {"backend": "sagemaker", "target_variant": "b"},
                             "v3": {"url": "https://a.b/v3"}},
                "split": {"v1": 90, "v2": 10, "v3": 0},
            },
            "models.topics": {
                "versions": {"v1": {"backend": "http"}, "v2": {"backend": "lambda"},
                             "v3": {"backend": "load_balancer"}},
                "split": {"v1": 90, "v2": 10, "v3": 0},
            },
            "models.other": {"backend": "shared"},
        }
    )
)  # fmt: skip


def test_each_version_is_called_as_in_its_path() -> None:
    assert list(versions_of(CONFIG)) == [
        "fraud--v1", "fraud--v2", "fraud--v3", "topics--v1", "topics--v2", "topics--v3",
    ]  # fmt: skip
    assert versions_of(CONFIG)["fraud--v2"].target_variant == "b"


@pytest.mark.parametrize(
    ("named", "place"),
    [
        # One endpoint, or load balancer, may serve several: here each has a server of its own.
        ("fraud--v1", "models.fraud--v1"),
        ("fraud--v2", "models.fraud--v2"),
        ("fraud--v3", "models.fraud--v3"),
        ("topics--v3", "models.topics--v3"),
        ("topics--v1", "backends.http"),
        ("topics--v2", "backends.lambda"),
        ("fraud", "models.fraud"),
        ("sagemaker", "backends.sagemaker"),
        ("other", "backends.shared"),
    ],
)
def test_a_server_is_named_by_a_version_by_the_model_or_by_a_backend(named: str, place: str) -> None:
    assert server_of(f"{named}={URL}", CONFIG) == (place, URL)


@pytest.mark.parametrize(
    ("named", "suggested"), [("fraud--v22", "did you mean 'fraud--v2'?"), ("fruad", "did you mean 'fraud'?")]
)
def test_a_version_that_the_file_does_not_have_is_told_with_those_it_has(named: str, suggested: str) -> None:
    with pytest.raises(ServerError) as refused:
        server_of(f"{named}={URL}", CONFIG)
    assert str(refused.value) == f"--backend {named!r}: the file has no such model or backend; {suggested}"


@pytest.mark.parametrize(
    ("servers", "found"),
    [
        ({}, {}),
        ({"models.fraud--v2": URL}, {"fraud--v2": URL}),
        ({"models.fraud": URL}, dict.fromkeys(["fraud", "fraud--v1", "fraud--v2", "fraud--v3"], URL)),
        ({"backends.sagemaker": URL}, dict.fromkeys(["fraud--v1", "fraud--v2"], URL)),
        (
            {"models.fraud": URL, "models.fraud--v2": OTHER},
            {"fraud": URL, "fraud--v1": URL, "fraud--v2": OTHER, "fraud--v3": URL},
        ),
        ({"backends.http": URL}, {"topics--v1": URL}),
        ({"backends.shared": URL}, {"other": URL}),
    ],
)
def test_the_nearest_server_that_was_named_answers(servers: dict[str, str], found: dict[str, str]) -> None:
    every = [*CONFIG.models, *versions_of(CONFIG)]
    assert {name: server for name in every if (server := server_for(name, CONFIG, servers))} == found


def asked(servers: Mapping[str, str]) -> dict[str, str]:
    """Where the servers of the versions of fraud are asked in the local cloud, with one that stands in for others."""
    here = local_config(CONFIG, model_server="http://127.0.0.1:1", generation=1, servers=servers)
    meant = GatewayDesign.of(stood_in(here, model_server="http://127.0.0.1:1", servers=servers))
    versions = meant.models["fraud"].versions
    return {name: str(getattr(each.backend, "url", "")) for name, each in versions.items()}


def test_what_is_said_is_what_is_asked() -> None:
    servers = dict([server_of(f"fraud--v2={URL}", CONFIG), server_of(f"fraud={OTHER}", CONFIG)])
    assert asked(servers) == {
        "v1": f"{OTHER}/invocations",
        "v2": f"{URL}/invocations",
        "v3": f"{OTHER}/v3",
    }


def test_one_server_is_named_once(run_command: RunCommand) -> None:
    twice = ["--backend", f"llama--next={URL}", "--backend", f"llama--next={OTHER}"]
    said = run_command("local", "--file", ROLLOUTS, *twice)
    assert (said.status, said.out, said.err.count("\n")) == (1, "", 1)
    assert f"models.llama--next has a server already, '{URL}'; keep one" in said.err


def test_the_servers_of_versions_are_told_with_their_shares() -> None:
    config = load_config(ROLLOUTS)
    models = GatewayDesign.of(config).models
    servers = {"models.fraud--v2": URL, "models.predict": OTHER}
    run = LocalRun(file=ROLLOUTS, config=config, servers=servers, port=0, as_json=False)
    told = {name: run._server_of(name, model) for name, model in models.items()}
    assert told == {
        "fraud": f"v1 (90%) a stand-in, v2 (10%) {URL}",
        "llama": "stable (100%) a stand-in, next (0%) a stand-in",
        "predict": f"v7 (100%) {OTHER}",
        "ping-pong": "a stand-in",
    }
