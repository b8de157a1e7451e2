"""What the store is sent: where to, signed as AWS documents it, and by whom."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.overrides.function import FRAUD, Function, alarm, override
from tests.overrides.servers import ACCOUNT, CREDENTIALS
from tests.overrides.sigv4a import Credentials, Received, error_of, signing_key

FRAUD_FAILS = alarm("acme-fraud--v2-errors")
STORE = (
    "/key-value-stores/arn%3Aaws%3Acloudfront%3A%3A123456789012%3Akey-value-store"
    "%2F0b8a6b0c-1f0e-4f0a-9d39-4a3f9d2c5e11"
)
ELSEWHERE = {"AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE": ""}


def asked(function: Function) -> list[Received]:
    """The three requests of a rollback."""
    function.handle(FRAUD_FAILS)
    assert [each.method for each in function.store.asked] == ["GET", "GET", "PUT"]
    return function.store.asked


def test_each_request_is_signed_for_all_regions(function: Function) -> None:
    for received in asked(function):
        assert error_of(received, CREDENTIALS) is None
        assert received.headers["x-amz-region-set"] == "*"
        assert received.headers["x-amz-security-token"] == CREDENTIALS.token
        assert received.headers["host"] == function.store.url.removeprefix("http://")


def test_paths_are_encoded_once(function: Function) -> None:
    assert [each.path for each in asked(function)] == [STORE, f"{STORE}/keys/fraud", f"{STORE}/keys/fraud"]


def test_a_write_is_signed_with_what_it_writes_and_over_what(function: Function) -> None:
    *_, put = asked(function)
    value = '{"split":{"v1":100,"v2":0},"instead_of":{"v1":90,"v2":10}}'
    assert json.loads(put.body) == {"Value": value}
    assert "content-type;host;if-match;" in put.headers["authorization"]
    assert (put.headers["content-type"], put.headers["if-match"]) == ("application/json", "1")
    assert error_of(replace(put, body=put.body.replace(b"100", b"101")), CREDENTIALS) == "hash of the body"
    other = {**put.headers, "if-match": "2"}
    assert error_of(replace(put, headers=other), CREDENTIALS) == "signature"


def test_the_check_would_notice_another_request(function: Function) -> None:
    received = asked(function)[1]
    headers = received.headers
    other = {
        "method": replace(received, method="PUT"),
        "path": replace(received, path=f"{STORE}/keys/trio"),
        "encoding": replace(received, path=received.path.replace("%3A", ":")),
        "host": replace(received, headers={**headers, "host": "example.com"}),
        "region": replace(received, headers={**headers, "x-amz-region-set": "us-east-1"}),
        "token": replace(received, headers={**headers, "x-amz-security-token": "another"}),
        "none": replace(received, headers={}),
    }
    found = {name: error_of(each, CREDENTIALS) for name, each in other.items()}
    assert found == {
        "method": "signature",
        "path": "signature",
        "encoding": "signature",
        "host": "signature",
        "region": "regions",
        "token": "session token",
        "none": "no authorization of this form",
    }
    assert error_of(received, CREDENTIALS, now=datetime.now(UTC) + timedelta(minutes=6)) == "time"


@pytest.mark.parametrize(
    ("variable", "value", "refused"),
    [
        ("AWS_SECRET_ACCESS_KEY", "kSecret/-", "signature"),
        ("AWS_ACCESS_KEY_ID", "ASIAOTHER", "access key"),
        ("AWS_SESSION_TOKEN", "of another session", "session token"),
        ("AWS_SESSION_TOKEN", "", "session token"),
    ],
)
def test_other_credentials_are_refused(function: Function, variable: str, value: str, refused: str) -> None:
    said = function.handle(FRAUD_FAILS, environment={variable: value})
    assert said.thrown == "GET was answered with 403"
    assert function.store.refused == [refused]
    assert function.store.values == {}


def test_nothing_of_the_credentials_is_logged(function: Function) -> None:
    function.store.faults = {"PUT": 403}
    said = function.handle(FRAUD_FAILS)
    assert not any(word in f"{said}" for word in (CREDENTIALS.secret, CREDENTIALS.token, CREDENTIALS.access_key))


@pytest.mark.parametrize("right", ["uriEscapePath: true", "region: '*'", "'cloudfront-keyvaluestore'"])
def test_a_store_would_notice_another_way_to_sign(function: Function, right: str, tmp_path: Path) -> None:
    wrong = {"uriEscapePath: true": "uriEscapePath: false", "region: '*'": "region: 'us-east-1'"}
    broken = function.with_code("signing.js", right, wrong.get(right, "'cloudfront'"), tmp_path)
    assert broken.handle(FRAUD_FAILS).thrown == "GET was answered with 403"


def test_the_key_is_that_of_aws_own_tests() -> None:
    """aws-c-auth, tests/aws-signing-test-suite/v4a: public-key.json."""
    key = signing_key("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY").public_key().public_numbers()
    assert f"{key.x:064x}" == "b6618f6a65740a99e650b33b6b4b5bd0d43b176d721a3edfea7e7d2d56d936b1"
    assert f"{key.y:064x}" == "865ed22a7eadc9c5cb9d2cbaca1b3699139fedc5043dc6661864218330c8e518"


def test_a_long_secret_is_taken_whole(function: Function) -> None:
    """Longer than a block of SHA-256."""
    long = Credentials(access_key="ASIAEXAMPLE", secret="s" * 100, token=CREDENTIALS.token)
    function.handle(FRAUD_FAILS, environment={"AWS_SECRET_ACCESS_KEY": long.secret})
    assert error_of(function.store.asked[0], long) is None


def test_the_store_is_that_of_its_account(function: Function) -> None:
    said = function.handle(FRAUD_FAILS, environment=ELSEWHERE, offline=True)
    assert said.thrown == f"https://{ACCOUNT}.cloudfront-kvs.global.api.aws{STORE}"


@pytest.mark.parametrize("slash", ["", "/"])
def test_an_emulator_may_be_named_for_all_services(function: Function, slash: str) -> None:
    function.handle(FRAUD_FAILS, environment={**ELSEWHERE, "AWS_ENDPOINT_URL": f"{function.store.url}{slash}"})
    assert function.store.values == {"fraud": override({"v1": 100, "v2": 0}, FRAUD)}


def test_the_name_for_this_service_counts_first(function: Function) -> None:
    function.handle(FRAUD_FAILS, environment={"AWS_ENDPOINT_URL": function.answers.url})
    assert function.store.values == {"fraud": override({"v1": 100, "v2": 0}, FRAUD)}


def test_no_connection_is_kept(function: Function) -> None:
    """Lambda may freeze the function for as long as a deploy takes, or for days."""
    assert {each.headers["connection"] for each in asked(function)} == {"close"}
