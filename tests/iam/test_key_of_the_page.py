"""The key's policy that docs/encryption.md has to paste, as an evaluator of IAM decides that is not ours."""

import json
import re
from typing import Final

import pytest

from tests.files import KMS_KEY
from tests.iam.concrete import ACCOUNT
from tests.iam.questions import EVERYTHING, OTHER_ACCOUNT
from tests.iam.simulator import ANONYMOUS, Case, actions_allowed, decided
from tests.synthesis import TOP, Json

DEPLOYER: Final = f"arn:aws:iam::{ACCOUNT}:role/deployer"
LOGS: Final = "logs.us-east-1.amazonaws.com"
ALARMS: Final = "cloudwatch.amazonaws.com"
THROUGH: Final = {"kms:CallerAccount": ACCOUNT, "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}
OF_LOGS: Final = "kms:EncryptionContext:aws:logs:arn"
STAND_IN: Final = "aws:SourceArn"
"""The evaluator does not know `OF_LOGS` as a key that KMS has. One that it knows, an ARN as well, stands for it."""

DATA_KEYS: Final = {
    "kms:GenerateDataKey", "kms:GenerateDataKeyPair", "kms:GenerateDataKeyPairWithoutPlaintext",
    "kms:GenerateDataKeyWithoutPlaintext",
}  # fmt: skip
USED: Final = DATA_KEYS | {"kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:DescribeKey"}


@pytest.fixture(scope="module")
def policy() -> Json:
    (text,) = re.findall(r"```json\n(.*?)```", (TOP / "docs" / "encryption.md").read_text(), re.DOTALL)
    for placeholder, value in (("<region>", "us-east-1"), ("<account>", ACCOUNT), ("<name>", "acme")):
        text = text.replace(placeholder, value)
    assert OF_LOGS in text
    assert STAND_IN not in text
    found: Json = json.loads(text.replace(OF_LOGS, STAND_IN))
    return found


def of(log_group: str, *, region: str = "us-east-1", account: str = ACCOUNT) -> dict[str, str]:
    return {STAND_IN: f"arn:aws:logs:{region}:{account}:log-group:{log_group}"}


LOG_GROUPS: Final = ("acme-api-Log-1A2B", "aws-waf-logs-acme-edge", "/aws/vendedlogs/cloudfront/acme")


def test_who_uses_the_key_does_what_the_page_says_and_nothing_else(policy: Json) -> None:
    asked = [
        *((LOGS, of(name), USED) for name in LOG_GROUPS),
        (DEPLOYER, THROUGH, USED | {"kms:CreateGrant"}),
        (ALARMS, {}, DATA_KEYS | {"kms:Decrypt"}),
    ]
    cases = [
        Case(resource_policy=policy, principal=who, action="kms:*", resource=KMS_KEY, context=context)
        for who, context, _ in asked
    ]
    assert actions_allowed(cases) == [actions for _, _, actions in asked]


@pytest.mark.parametrize(
    ("who", "context"),
    [
        (LOGS, {}),
        *((LOGS, of(name)) for name in ("acme2-api-Log", "aws-waf-logs-acme2", "/aws/vendedlogs/cloudfront/acme2")),
        (LOGS, of(LOG_GROUPS[0], region="eu-west-1")),
        (LOGS, of(LOG_GROUPS[0], account=OTHER_ACCOUNT)),
        ("logs.eu-west-1.amazonaws.com", of(LOG_GROUPS[0])),
        ("sns.amazonaws.com", {}),
        (DEPLOYER, {}),
        (DEPLOYER, {key: its for key, its in THROUGH.items() if key == "kms:CallerAccount"}),
        (DEPLOYER, {key: its for key, its in THROUGH.items() if key == "kms:ViaService"}),
        (DEPLOYER, {**THROUGH, "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}),
        (DEPLOYER, {**THROUGH, "kms:ViaService": "s3.us-east-1.amazonaws.com"}),
        (DEPLOYER, {**THROUGH, "kms:CallerAccount": OTHER_ACCOUNT}),
        (ANONYMOUS, {}),
    ],
    ids=str,
)
def test_nobody_else_uses_it(policy: Json, who: str, context: dict[str, str]) -> None:
    case = Case(resource_policy=policy, principal=who, action="kms:*", resource=KMS_KEY, context=context)
    assert actions_allowed([case]) == [frozenset()]


def test_who_may_do_so_by_iam_says_who_uses_it_in_its_account_alone(policy: Json) -> None:
    accounts = (ACCOUNT, OTHER_ACCOUNT)
    cases = [
        Case(
            policy=EVERYTHING,
            resource_policy=policy,
            principal=f"arn:aws:iam::{account}:role/administrator",
            action="kms:PutKeyPolicy",
            resource=KMS_KEY,
        )
        for account in accounts
    ]
    assert decided(cases) == [True, False]
