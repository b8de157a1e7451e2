"""The roles that `init` writes: who may take them on, and what they may then do."""

import json
import re
from typing import Any

import pytest

from tests.cli.test_init import SHIPPED
from tests.synthesis import TOP, Json

FILE = SHIPPED / "pipeline-roles.yaml"
ROLE = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cdk-${Qualifier}"


@pytest.fixture(scope="module")
def template() -> Json:
    from cfnlint.decode import cfn_yaml

    found: Json = json.loads(json.dumps(cfn_yaml.load(str(FILE))))
    return found


def statements(template: Json, role: str) -> list[Json]:
    (policy,) = template["Resources"][role]["Properties"]["Policies"]
    found: list[Json] = policy["PolicyDocument"]["Statement"]
    return found


def texts(value: Any) -> list[str]:
    """The texts of Fn::Sub in a value, alone or in a list."""
    return [each["Fn::Sub"] for each in (value if isinstance(value, list) else [value])]


def test_cloudformation_takes_the_template() -> None:
    from cfnlint.api import lint_file

    assert lint_file(FILE) == []


@pytest.mark.parametrize(
    ("role", "subject"),
    [
        ("DeployRole", "repo:${Repository}:environment:${Environment}"),
        ("DiffRole", "repo:${Repository}:pull_request"),
    ],
)
def test_only_jobs_of_that_kind_of_that_repository_take_a_role_on(template: Json, role: str, subject: str) -> None:
    (trust,) = template["Resources"][role]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert set(trust["Principal"]) == {"Federated"}
    # Equal, not like: no wildcard lets another repository or branch in.
    assert trust["Condition"] == {
        "StringEquals": {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": {"Fn::Sub": subject},
        }
    }


def test_who_deploys_takes_roles_of_the_bootstrap_on_and_does_nothing_else(template: Json) -> None:
    (only,) = statements(template, "DeployRole")
    assert only["Action"] == "sts:AssumeRole"
    roles = ("deploy", "file-publishing", "lookup")
    assert texts(only["Resource"]) == [f"{ROLE}-{name}-role-${{AWS::AccountId}}-*" for name in roles]


def test_who_compares_reads_alone(template: Json) -> None:
    lookup, stacks = statements(template, "DiffRole")
    assert (lookup["Action"], texts(lookup["Resource"])) == (
        "sts:AssumeRole",
        [f"{ROLE}-lookup-role-${{AWS::AccountId}}-*"],
    )
    assert stacks["Action"] == ["cloudformation:DescribeStacks", "cloudformation:GetTemplate"]


@pytest.mark.parametrize("name", ["Repository", "Environment", "Qualifier"])
@pytest.mark.parametrize("text", ["*", "acme/*", "acme/ml:ref:x", "acme/ml?", "a/b/c", "${AWS::Region}", ""])
def test_nothing_of_a_parameter_opens_a_trust_wider(template: Json, name: str, text: str) -> None:
    assert re.fullmatch(template["Parameters"][name]["AllowedPattern"], text) is None


def test_what_people_have_is_taken(template: Json) -> None:
    for name, text in (("Repository", "acme-1/ml.gateway_x"), ("Environment", "prod_eu-1"), ("Qualifier", "hnb659fds")):
        assert re.fullmatch(template["Parameters"][name]["AllowedPattern"], text)


def as_the_page_writes(value: Any) -> Any:
    """A part of the template, with what a person puts in for its parameters."""
    names = {
        "${Repository}": "<owner>/<name>", "${Environment}": "production", "${Qualifier}": "hnb659fds",
        "${AWS::Partition}": "aws", "${AWS::AccountId}": "<account>",
    }  # fmt: skip
    if isinstance(value, list):
        return [as_the_page_writes(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "Fn::Sub" in value:
        text = value["Fn::Sub"]
        for name, said in names.items():
            text = text.replace(name, said)
        return text
    if "Fn::If" in value:  # the provider of the account, whoever defined it
        return "arn:aws:iam::<account>:oidc-provider/token.actions.githubusercontent.com"
    return {key: as_the_page_writes(inner) for key, inner in value.items()}


def test_what_the_page_has_to_paste_is_what_the_template_says(template: Json) -> None:
    page = (TOP / "docs" / "pipelines.md").read_text()
    trust, deploys, reads = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL))
    roles = template["Resources"]
    assert trust == as_the_page_writes(roles["DeployRole"]["Properties"]["AssumeRolePolicyDocument"])
    assert deploys["Statement"] == as_the_page_writes(statements(template, "DeployRole"))
    assert reads["Statement"] == as_the_page_writes(statements(template, "DiffRole"))
    subject = roles["DiffRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]["StringEquals"]
    (said,) = [as_the_page_writes(value) for name, value in subject.items() if name.endswith(":sub")]
    assert f"the subject `{said}`" in page
