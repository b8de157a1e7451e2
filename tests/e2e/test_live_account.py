"""What `make live` does on an account, as far as the local cloud goes for one."""

import json
import os
from pathlib import Path

import jwt
import pytest

from live.account import Account
from live.destroy import destroy
from live.place import RefusalError
from live.plan import SECOND_REGION_OF_FILES as SECOND
from live.plan import new_name
from ml_gateway.config.types.tokens import DISCOVERY
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.cloud import Cloud
from ml_gateway.naming import EDGE_REGION
from tests.synthesis import Json

pytestmark = pytest.mark.e2e


def test_on_an_account_the_same_code_reads_the_environment(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which leads to the local cloud here: as far as the server behind the models, and away again."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    nowhere = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    credentials = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    for name, value in {**nowhere, **credentials, "AWS_ENDPOINT_URL": cloud.endpoint}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CDK_DISABLE_CLI_TELEMETRY", "true")
    account, name = Account(tmp_path), new_name()
    monkeypatch.setattr(account, "pause", 0.1)
    with pytest.raises(RefusalError, match=f"sts is asked at {cloud.endpoint}, which is not AWS"):
        account.expect_ready()
    monkeypatch.setattr(Account, "_expect_aws", lambda _self: None)
    with pytest.raises(RefusalError, match="API Gateway has no role to write logs with in us-east-1"):
        account.expect_ready()
    beside = account.start_server(name, "word", "0" * 32)
    assert beside.issuer == f"{beside.echo}/issuer"
    assert cloud.account in account.secrets()
    answers = [_asked_of_the_function(account, f"/{word}/echo") for word in ("word", "other")]
    assert [answer["statusCode"] for answer in answers] == [200, 404]
    assert json.loads(answers[0]["body"])["received"]["headers"] == {"x-any": "thing"}
    issuer, keys = "https://example.com/word/issuer", "/word/issuer/keys"
    discovered = json.loads(_asked_of_the_function(account, f"/word/issuer{DISCOVERY}")["body"])
    assert discovered == {"issuer": issuer, "jwks_uri": f"{issuer}/keys"}
    (key,) = json.loads(_asked_of_the_function(account, keys)["body"])["keys"]
    signed = account.sign({"aud": "somebody"})
    assert jwt.decode(signed, jwt.PyJWK(key), audience="somebody", issuer=beside.issuer)
    assert destroy(account, name, told=lambda _line: None) == []


def _asked_of_the_function(account: Account, path: str) -> Json:
    """As an HTTP API hands a request on."""
    client = account.client("lambda")
    (function,) = [
        each["FunctionName"] for each in client.list_functions()["Functions"] if "-echo-" in each["FunctionName"]
    ]
    request = {"domainName": "example.com", "http": {"method": "POST"}}
    event = {"rawPath": path, "headers": {"x-any": "thing"}, "requestContext": request}
    answer: Json = json.loads(client.invoke(FunctionName=function, Payload=json.dumps(event))["Payload"].read())
    return answer


@pytest.mark.parametrize(
    ("zone", "message"),
    [
        ("Z0000000000000000NONE", "there is no hosted zone Z0000000000000000NONE in the account"),
        ("private", "is a private zone, in which nobody's certificate is validated"),
        ("long", "is too long: with a name of the run's before it no certificate takes it"),
    ],
)
def test_a_zone_that_will_not_do_is_refused_before_anything_is_made(
    zone: str, message: str, cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inventory = CloudInventory(cloud)
    client = inventory.client("route53")
    made = {"private": ("within.example.com", True), "long": (f"{'a' * 40}.example.com", False)}
    if zone in made:
        name, private = made[zone]
        more = {"VPC": {"VPCRegion": EDGE_REGION, "VPCId": "vpc-0123456789abcdef0"}} if private else {}
        told = client.create_hosted_zone(
            Name=name, CallerReference=new_name(), HostedZoneConfig={"PrivateZone": private}, **more
        )
        zone = told["HostedZone"]["Id"].split("/")[-1]
    account = Account(tmp_path, zone=zone, second_region=SECOND)
    monkeypatch.setattr(account, "client", inventory.client)
    monkeypatch.setattr(account, "_expect_aws", lambda: None)
    with pytest.raises(RefusalError, match=message):
        account.expect_ready()
