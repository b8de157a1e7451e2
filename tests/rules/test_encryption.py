"""Whose keys encrypt: in the regions of the gateway, and by the ARN of the key itself."""

from pathlib import Path

import pytest

from tests.files import KMS_KEY, changed, report_on_data

EU = KMS_KEY.replace("us-east-1", "eu-west-1")
MULTI_REGION = KMS_KEY[: -len("12345678-1234-1234-1234-123456789012")] + "mrk-0123456789abcdef0123456789abcdef"


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
