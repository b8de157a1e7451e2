"""More secrets than Secrets Manager reads at once, and a gateway without tokens, which needs no jose."""

from pathlib import Path

from ml_gateway.functions import AuthorizerSettings, ClientSettings
from tests.authorizer.function import AuthorizerProcess
from tests.authorizer.issuer import FailingIssuer
from tests.authorizer.secrets_server import SecretsServer


def test_twenty_are_read_in_a_call(secrets: SecretsServer, issuer: FailingIssuer, tmp_path: Path) -> None:
    keys = {f"acme/clients/c{number}/default": f"{number:048}" for number in range(45)}
    secrets.values = keys
    clients = {f"c{n}": ClientSettings(keys=(name,), tokens=None, allowed=("*",)) for n, name in enumerate(keys)}
    settings = AuthorizerSettings(issuers=(), clients=clients)
    function = AuthorizerProcess(settings, tmp_path, secrets=secrets.url, certificate=issuer.certificate)
    try:
        assert not (tmp_path / "node_modules").exists()
        assert [function.ask(key).client for key in list(keys.values())[::11]] == ["c0", "c11", "c22", "c33", "c44"]
        assert [len(names) for names in secrets.asked] == [20, 20, 5]
        assert function.ask("a.b.c").thrown == "Unauthorized"
    finally:
        function.close()
