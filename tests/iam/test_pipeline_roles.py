"""The roles that `init` writes for a pipeline, as an evaluator of IAM decides that is not ours."""

import json
from typing import Final

import pytest

from tests.cli.test_pipeline_roles import FILE
from tests.iam.check import Place, differences, superfluous
from tests.iam.concrete import ACCOUNT
from tests.iam.policies import Policies, policies_of
from tests.iam.questions import Meant, may, trusts
from tests.iam.simulator import Case, decided
from tests.synthesis import Json

ISSUER: Final = "token.actions.githubusercontent.com"
AUDIENCE: Final = f"{ISSUER}:actor"
SUBJECT: Final = f"{ISSUER}:repository"
STAND_INS: Final = {f"{ISSUER}:aud": AUDIENCE, f"{ISSUER}:sub": SUBJECT}
"""The evaluator knows neither claim of this issuer as a key. Two that it knows, texts as well, stand for them."""

TAKE_ON: Final = "sts:AssumeRoleWithWebIdentity"

PROVIDERS: Final = {
    "": f"arn:aws:iam::{ACCOUNT}:oidc-provider/Provider",
    f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}",
}
"""The provider, by the parameter that names it."""


@pytest.fixture(scope="module", params=PROVIDERS, ids=("a provider of its own", "the account's provider"))
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def template(provider: str) -> Json:
    """With what a person puts in."""
    from cfnlint.decode import cfn_yaml

    text = json.dumps(cfn_yaml.load(str(FILE)))
    for key, stand_in in STAND_INS.items():
        assert key in text
        assert stand_in not in text
        text = text.replace(key, stand_in)
    found: Json = json.loads(text)
    for name, value in (("Repository", "acme/ml"), ("Environment", "production"), ("ProviderArn", provider)):
        found["Parameters"][name]["Default"] = value
    return found


@pytest.fixture(scope="module")
def found(template: Json) -> dict[Place, Policies]:
    return {("pipeline", name): policies for name, policies in policies_of(template).items()}


@pytest.fixture(scope="module")
def meant(provider: str) -> dict[Place, Meant]:
    def taken_on_by(jobs: str) -> dict[str, str]:
        return {AUDIENCE: "sts.amazonaws.com", SUBJECT: f"repo:acme/ml:{jobs}"}

    def bootstrap(name: str) -> str:
        return f"arn:aws:iam::{ACCOUNT}:role/cdk-hnb659fds-{name}-role-{ACCOUNT}-*"

    return {
        ("pipeline", "DeployRole"): [
            trusts(PROVIDERS[provider], TAKE_ON, taken_on_by("environment:production")),
            *(may("sts:AssumeRole", bootstrap(name)) for name in ("deploy", "file-publishing", "lookup")),
        ],
        ("pipeline", "DiffRole"): [
            trusts(PROVIDERS[provider], TAKE_ON, taken_on_by("pull_request")),
            may("sts:AssumeRole", bootstrap("lookup")),
            may(
                "cloudformation:DescribeStacks cloudformation:GetTemplate",
                f"arn:aws:cloudformation:*:{ACCOUNT}:stack/*/*",
            ),
        ],
    }


def test_jobs_of_the_repository_do_what_is_meant_and_nothing_like_it(
    found: dict[Place, Policies], meant: dict[Place, Meant]
) -> None:
    assert differences(found, meant) == []


def test_every_part_of_their_policies_is_needed(found: dict[Place, Policies], meant: dict[Place, Meant]) -> None:
    assert superfluous(found, meant) == []


SUBJECTS: Final = {
    "repo:acme/ml:environment:production": "DeployRole",
    "repo:acme/ml:pull_request": "DiffRole",
    "repo:acme/ml:environment:staging": None,
    "repo:acme/ml:environment:Production": None,
    "repo:acme/ml:ref:refs/heads/main": None,
    "repo:acme/ml:ref:refs/tags/environment:production": None,
    "repo:acme/ml-2:environment:production": None,
    "repo:evil/ml:environment:production": None,
    "repo:evil/acme/ml:environment:production": None,
    "repo:acme/ml:*": None,
    "*": None,
}
"""Whose token it is, and the role that he may take on."""


def test_other_repositories_branches_and_environments_take_nothing_on(
    found: dict[Place, Policies], provider: str
) -> None:
    asked = [(subject, role) for subject in SUBJECTS for _, role in found]
    cases = [
        Case(
            principal=PROVIDERS[provider],
            resource_policy={"Version": "2012-10-17", "Statement": found["pipeline", role].attached},
            action=TAKE_ON,
            resource=f"arn:aws:iam::{ACCOUNT}:role/{role}",
            context={AUDIENCE: "sts.amazonaws.com", SUBJECT: subject},
        )
        for subject, role in asked
    ]
    assert decided(cases) == [SUBJECTS[subject] == role for subject, role in asked]
