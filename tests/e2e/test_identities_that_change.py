"""The first list of models and the first token come to a gateway that is in use, and go again. In order.

Not shown, as MiniStack has the setting and the deployment at once: in which order API Gateway makes them effective.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from demo.model_requests import JSON
from demo.observations import steady_requests
from demo.sample_server import SampleServer
from ml_gateway.credentials import API_KEY_HEADER
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.cloud import Cloud
from ml_gateway.local.gateway import LocalGateway, deployed_gateway, through_cloudfront
from ml_gateway.local.http_client import HttpClient, Request
from ml_gateway.local.processes import LocalCloudError
from ml_gateway.naming import AUTHORIZER_LOG_GROUP, EDGE_REGION, FLUSH_COMMAND
from ml_gateway.reading import load_config
from tests.authorizer.issuer import FailingIssuer
from tests.e2e.held_deploy import local_assembly
from tests.e2e.quick_cdk import quick_cdk
from tests.e2e.stack_deployer import SynthesizedStack

pytestmark = pytest.mark.e2e

NAME: Final = "changing-id"
KEPT: Final = Request(method="POST", path="/kept", body=b"{}", headers=JSON)
OTHER: Final = Request(method="POST", path="/other", body=b"{}", headers=JSON)
PACE: Final = 0.05


def file_with(clients: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    models = {name: {"url": f"https://model.example.com/{name}"} for name in ("kept", "other")}
    usual = {"name": NAME, "regions": ["us-east-1"], "models": models, "errors": "plain"}
    return {**usual, "plans": {"gold": {"rate": "1000/s", "burst": 1000}}, "clients": clients, **changes}


CORP: Final = {"corp": {"url": "https://login.example.com/corp", "audience": "a", "claim": "azp"}}
KEY: Final = {"plan": "gold", "keys": ["default", "fresh"]}
TOKENS: Final = {"plan": "gold", "jwt": {"corp": "batch"}}
VERSIONS: Final = {
    "keys": file_with({"app": KEY}),
    "tokens that fail": file_with({"app": KEY, "batch": TOKENS}, issuers=CORP, description="never deployed"),
    "tokens": file_with({"app": KEY, "batch": TOKENS}, issuers=CORP),
    "a list": file_with({"app": {**KEY, "models": ["kept"]}, "batch": TOKENS}, issuers=CORP),
    "another client's": file_with({"app": KEY, "second": {**TOKENS, "models": ["kept"]}}, issuers=CORP),
}


class Changing:
    """A gateway that is deployed again and again as the CLI does it, and whoever calls it meanwhile with a key."""

    def __init__(self, gateway: LocalGateway, directory: Path, model_server: str, issuers: Mapping[str, str]) -> None:
        self.gateway = gateway
        self.inventory = CloudInventory(gateway.cloud)
        self._directory = directory
        self._model_server = model_server
        self._issuers = issuers

    def key(self, name: str = "default") -> str:
        return self.inventory.secret(f"{NAME}/clients/app/{name}", EDGE_REGION)

    def deploy(self, version: str) -> set[str]:
        """The statuses of what the key asked of `kept` before, meanwhile and afterwards."""
        self.gateway.cdk.app = str(self._assembly(version))
        return self._meanwhile(self.gateway.cdk.deploy)

    def fail(self, version: str) -> set[str]:
        """The same of a deploy whose API stack cannot be completed, and is rolled back."""
        assembly = self._assembly(version)
        (template,) = assembly.glob(f"{NAME}-api-*.template.json")
        with_another = SynthesizedStack(name="", region="", template=json.loads(template.read_text())).failing()
        template.write_text(json.dumps(with_another.template))
        self.gateway.cdk.app = str(assembly)

        def deploy() -> None:
            with pytest.raises(LocalCloudError, match="cdk deploy failed"):
                self.gateway.cdk.deploy()

        return self._meanwhile(deploy)

    def _assembly(self, version: str) -> Path:
        config, cloud = load_config(self._file(version)), self.gateway.cloud
        return local_assembly(config, cloud=cloud, model_server=self._model_server, issuers=self._issuers)

    def _meanwhile(self, deploy: Callable[[], object]) -> set[str]:
        with closing(self._edge(self.key())) as edge, steady_requests(edge, KEPT, PACE, most=10_000) as statuses:
            deploy()
        assert statuses
        return {*statuses, str(self.ask(KEPT, self.key()))}

    def _file(self, version: str) -> Path:
        file = self._directory / f"{version.replace(' ', '-')}.yaml"
        file.write_text(yaml.safe_dump(VERSIONS[version]))
        return file

    def ask(self, request: Request, credential: str) -> int:
        with closing(self._edge(credential)) as edge:
            return edge.send(request).status

    def told(self, credential: str) -> str | None:
        """Whose it is, as the model was told."""
        with closing(self._edge(credential)) as edge:
            headers: Mapping[str, str] = edge.send(KEPT).json()["received"]["headers"]
        return {name.lower(): value for name, value in headers.items()}.get("x-client-id")

    def outputs(self) -> Mapping[str, str]:
        return self.inventory.outputs(f"{NAME}-api", EDGE_REGION)

    def _edge(self, credential: str) -> HttpClient:
        headers = through_cloudfront(self.gateway.domain_name) | {API_KEY_HEADER: credential}
        return HttpClient(self.gateway.cloud.port, headers)


@pytest.fixture(scope="module")
def changing(
    cloud: Cloud, issuer: FailingIssuer, sample_server: SampleServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Changing]:
    directory = tmp_path_factory.mktemp("changing-identities")
    file = directory / "first.yaml"
    file.write_text(yaml.safe_dump(VERSIONS["keys"]))
    config = load_config(file)
    issuers = {"corp": issuer.url_of("corp")}
    cdk = quick_cdk(config, cloud=cloud, model_server=sample_server.url, issuers=issuers)
    with deployed_gateway(config, cloud=cloud, cdk=cdk) as gateway:
        yield Changing(gateway, directory, sample_server.url, issuers)


def token(issuer: FailingIssuer, number: int) -> str:
    """Of `batch`; another number is another token."""
    claims = {"iss": issuer.url_of("corp"), "aud": "a", "azp": "batch", "exp": 4102444800, "jti": str(number)}
    return issuer.sign(claims)


def test_a_first_deploy_of_tokens_that_fails_leaves_the_keys_as_they_were(
    changing: Changing, issuer: FailingIssuer
) -> None:
    assert changing.fail("tokens that fail") == {"200"}
    assert changing.ask(KEPT, token(issuer, 0)) == 401
    assert AUTHORIZER_LOG_GROUP not in changing.outputs()


def test_the_first_tokens_come_and_no_key_is_refused(changing: Changing, issuer: FailingIssuer) -> None:
    issuer.recover()
    assert changing.ask(KEPT, token(issuer, 1)) == 401
    assert AUTHORIZER_LOG_GROUP not in changing.outputs()
    assert changing.deploy("tokens") == {"200"}
    assert (changing.told(changing.key()), changing.told(token(issuer, 1))) == ("app", "batch")
    assert changing.outputs()[FLUSH_COMMAND].startswith("aws apigateway flush-stage-authorizers-cache --region us-")


def test_a_list_leaves_out_what_it_does_not_name(changing: Changing, issuer: FailingIssuer) -> None:
    """What was kept for a key holds on: docs/changes.md says for how long. MiniStack cannot be told to forget it."""
    assert changing.ask(OTHER, changing.key()) == 200
    assert changing.deploy("a list") == {"200"}
    assert (changing.ask(OTHER, changing.key()), changing.ask(OTHER, changing.key("fresh"))) == (200, 403)
    assert changing.ask(OTHER, token(issuer, 2)) == 200


def test_tokens_become_another_clients(changing: Changing, issuer: FailingIssuer) -> None:
    assert changing.deploy("another client's") == {"200"}
    # The key that counted for it is gone, whatever was kept.
    assert changing.ask(KEPT, token(issuer, 1)) == 401
    assert changing.told(token(issuer, 3)) == "second"
    assert changing.ask(OTHER, token(issuer, 3)) == 403


def test_the_last_list_and_token_go_and_no_key_is_refused(changing: Changing, issuer: FailingIssuer) -> None:
    assert changing.deploy("keys") == {"200"}
    assert changing.ask(OTHER, changing.key("fresh")) == 200
    assert changing.ask(KEPT, token(issuer, 4)) == 401
    assert changing.told(changing.key()) is None
    assert AUTHORIZER_LOG_GROUP not in changing.outputs()
