"""Whose keys encrypt: in the regions of the gateway, and by the ARN of the key itself."""

from pathlib import Path

import pytest

from tests.files import KMS_KEY, changed, report_on_data

EU = KMS_KEY.replace("us-east-1", "eu-west-1")
MULTI_REGION = KMS_KEY[: -len("12345678-1234-1234-1234-123456789012")] + "mrk-0123456789abcdef0123456789abcdef"
ONE_SUCH = f"write one such as {KMS_KEY}"


def told(kms_key: object, directory: Path, *, region: str = "us-east-1") -> list[str]:
    return report_on_data(changed({"regions": [region], "encryption.kms_key": kms_key}), directory)


@pytest.mark.parametrize(
    ("kms_key", "region"),
    [
        (KMS_KEY, "us-east-1"),
        (MULTI_REGION, "us-east-1"),
        ({"us-east-1": KMS_KEY}, "us-east-1"),
        ({"us-east-1": KMS_KEY, "eu-west-1": EU}, "eu-west-1"),
    ],
)
def test_a_key_for_each_region_is_taken(kms_key: object, region: str, tmp_path: Path) -> None:
    assert told(kms_key, tmp_path, region=region) == []


@pytest.mark.parametrize("kms_key", [KMS_KEY, {"us-east-1": KMS_KEY}])
def test_a_region_without_a_key_is_told_with_what_to_write(kms_key: object, tmp_path: Path) -> None:
    assert told(kms_key, tmp_path, region="eu-west-1") == [
        f"encryption.kms_key: '{KMS_KEY}' is given, and no key of eu-west-1; the gateway keeps secrets and logs in "
        f"us-east-1 and eu-west-1, so write {{us-east-1: {KMS_KEY}, eu-west-1: <ARN>}}"
    ]


def test_a_key_of_another_region_is_told_with_where_it_is_needed(tmp_path: Path) -> None:
    assert told(EU, tmp_path) == [
        f"encryption.kms_key: '{EU}' is given, and no key of us-east-1; the gateway keeps secrets and logs in "
        "us-east-1, so write {us-east-1: <ARN>}"
    ]


def test_a_key_that_nothing_is_under_is_told(tmp_path: Path) -> None:
    assert told({"us-east-1": KMS_KEY, "eu-west-1": EU}, tmp_path) == [
        f"encryption.kms_key: '{EU}' is in eu-west-1, where this gateway keeps nothing; leave it out"
    ]


@pytest.mark.parametrize("written", ["us-east-1", "eu-west1"])
def test_a_key_stands_beside_its_own_region(written: str, tmp_path: Path) -> None:
    assert told({written: EU}, tmp_path) == [
        f"encryption.kms_key.{written}: '{EU}' is in eu-west-1, not in {written}; write eu-west-1: before it, or "
        "another key"
    ]


@pytest.mark.parametrize("alias", ["alias/acme-ml", "arn:aws:kms:us-east-1:123456789012:alias/acme-ml"])
def test_an_alias_is_told_with_the_command_that_prints_the_key_behind_it(alias: str, tmp_path: Path) -> None:
    message = (
        f"'{alias}' is an alias, which CloudWatch Logs does not take; write the ARN of the key behind it, as aws kms "
        f"describe-key --key-id {alias} --query KeyMetadata.Arn prints it"
    )
    assert told(alias, tmp_path) == [f"encryption.kms_key: {message}"]
    assert told({"us-east-1": alias}, tmp_path) == [f"encryption.kms_key.us-east-1: {message}"]


@pytest.mark.parametrize(
    "key",
    [
        "12345678-1234-1234-1234-123456789012",
        KMS_KEY.replace("kms", "sns"),
        KMS_KEY.replace("123456789012:key", "1234:key"),
        KMS_KEY + "x",
        KMS_KEY.replace("arn:aws:", "arn:aws-cn:"),
    ],
)
def test_what_is_no_arn_of_a_key_is_told(key: str, tmp_path: Path) -> None:
    assert told(key, tmp_path) == [f"encryption.kms_key: '{key}' is not an ARN of a KMS key; {ONE_SUCH}"]
    assert told({"us-east-1": key}, tmp_path) == [
        f"encryption.kms_key.us-east-1: '{key}' is not an ARN of a KMS key; {ONE_SUCH}"
    ]


def test_encryption_without_a_key_is_told(tmp_path: Path) -> None:
    assert len(told({}, tmp_path)) == len(told([], tmp_path)) == len(told(None, tmp_path)) == 1
