"""Policies of the authorizer, and that of its role, decided by an evaluator of IAM that is not ours."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ml_gateway import GatewayConfig, load_config, naming
from ml_gateway.design import GatewayDesign
from tests.authorizer.function import API
from tests.authorizer.iam import (
    INVOKE,
    Expected,
    answer,
    authorizer_of,
    authorizer_with,
    drawn_gateways,
    expected_of,
    who_may_call,
    wrong,
)
from tests.files import IDENTITIES, changed
from tests.iam.concrete import ACCOUNT, concrete, log_group
from tests.iam.simulator import Case, decided
from tests.released.examples import FILES, synthesized
from tests.synthesis import TOP, Json, Templates, resources, synthesize

UNTIL = 1_700_000_000
"""2023-11-14T22:13:20Z."""


@pytest.fixture(scope="module")
def examples() -> dict[Path, GatewayDesign]:
    """Those whose clients may not all call everything. That with versions is in test_versions_decided.py."""
    designs = {path: GatewayDesign.of(load_config(path)) for path in FILES if path.stem != "rollouts"}
    found = {path: design for path, design in designs.items() if any(its.models for its in design.clients.values())}
    assert found
    return found


def test_clients_of_the_examples_call_their_models_and_no_others(
    examples: dict[Path, GatewayDesign], tmp_path: Path
) -> None:
    """With the code that a deploy uploads."""
    expected: list[Expected] = []
    for path, design in examples.items():
        (code,) = {file.parent for file in synthesized(path, tmp_path / path.stem).glob("asset.*/answer.js")}
        expected += expected_of(design.routes, who_may_call(design), code)
        said, helper = (
            json.loads((folder / "config.json").read_text())["clients"]
            for folder in (code, authorizer_of(design, tmp_path / f"{path.stem}-drawn"))
        )
        assert {name: its["allowed"] for name, its in said.items()} == {n: its["allowed"] for n, its in helper.items()}
    assert wrong(expected) == []


URL = "https://model.example.com/v1"


def drawn_cases(folder: Path, *, count: int, refused: bool) -> dict[str, list[Expected]]:
    """What is to be decided for so many clients of drawn gateways, which a rule refuses or takes."""
    found: dict[str, list[Expected]] = {}
    for number, (design, by_rule) in enumerate(drawn_gateways()):
        may_call = {name: its for name, its in who_may_call(design).items() if (name in by_rule) is refused}
        if may_call:
            code = authorizer_of(design, folder / str(number))
            paths = [f"{route.http_method} {route.path}" for its in design.routes.values() for route in its[:3]]
            for client, models in may_call.items():
                gateway, cases = f"{number}, {', '.join(paths)}, ", expected_of(design.routes, {client: models}, code)
                found[gateway + client] = [(gateway + name, allowed, case) for name, allowed, case in cases]
        if len(found) >= count:
            break
    return found


def test_clients_of_drawn_gateways_call_their_models_and_no_others(tmp_path: Path) -> None:
    cases = drawn_cases(tmp_path, count=20, refused=False)
    assert wrong([each for expected in cases.values() for each in expected]) == []


def test_what_a_rule_refuses_would_let_a_call_through(tmp_path: Path) -> None:
    """So it refuses nothing that a policy could tell apart, and the requests here are such that it shows."""
    cases = drawn_cases(tmp_path, count=6, refused=True)
    through = set(wrong([each for expected in cases.values() for each in expected]))
    assert [gateway for gateway, expected in cases.items() if through.isdisjoint(name for name, _, _ in expected)] == []


BESIDE = {
    "predict": {"url": URL},
    "other": {"url": URL, "path": "/other/predict"},
    "greedy": {"url": URL, "path": "/files/{f+}"},
    "predict-b": {"url": URL, "methods": ["GET", "POST"]},
}
"""Models that the policies below take for the first, where they are not as they should be."""


@pytest.mark.parametrize(
    ("allowed", "let_through"),
    [
        (["POST/predict", "POST/predict/"], []),
        (["*/predict", "*/predict/"], ["POST /other/predict of other", "POST /files/x9/v1/POST/predict of greedy"]),
        (["POST*/predict", "POST*/predict/"], ["POST /other/predict of other"]),
        (["POST/predict*"], ["POST /predict-b of predict-b"]),
        (["*"], ["GET /predict-b of predict-b", "POST /other/predict of other", "POST /files/x9 of greedy"]),
    ],
    ids=lambda each: each[0] if each else "",
)
def test_methods_and_paths_are_written_out_as_less_lets_other_models_through(
    allowed: list[str], let_through: list[str], tmp_path: Path
) -> None:
    design = GatewayDesign.of(GatewayConfig(**changed({"models": BESIDE})))
    folder = authorizer_with({"mobile": allowed}, tmp_path / "broken")
    found = wrong(expected_of(design.routes, {"mobile": ["predict"]}, folder))
    assert bool(found) is bool(let_through)
    assert {f"mobile: {request}" for request in let_through} <= set(found)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where `mobile` may call one model, and `batch` all."""
    design = GatewayDesign.of(GatewayConfig(**changed(IDENTITIES)))
    assert design.may_call("mobile") == ("predict",)
    return authorizer_of(design, tmp_path_factory.mktemp("policies") / "authorizer")


OWN = f"{API}/v1/POST/predict"
ELSEWHERE = [
    OWN.replace("/v1/", "/v2/"),
    OWN.replace("/v1/", "/v1x/"),
    OWN.replace("abcdefghij", "abcdefghik"),
    OWN.replace("abcdefghij", "abcdefghijk"),
    OWN.replace(ACCOUNT, "999999999999"),
    OWN.replace("us-east-1", "eu-west-1"),
    OWN.replace("arn:aws:", "arn:aws-cn:"),
]
"""The same request at what is not this stage of this API."""

NO_CALLS = ["execute-api:ManageConnections", "execute-api:InvalidateCache"]


@pytest.mark.parametrize("client", ["mobile", "batch"])
def test_a_policy_is_of_one_stage_of_one_api_and_for_calls_alone(folder: Path, client: str) -> None:
    policy = answer(folder, client)
    others = [Case(policy=policy, action=INVOKE, resource=arn) for arn in ELSEWHERE]
    others += [Case(policy=policy, resource=OWN, action=action) for action in NO_CALLS]
    assert decided([Case(policy=policy, action=INVOKE, resource=OWN), *others]) == [True, *[False] * len(others)]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_another_method_is_denied_to_who_may_not_call_everything(folder: Path, method: str) -> None:
    arn = f"{API}/v1/{method}/predict"
    cases = [Case(policy=answer(folder, client), action=INVOKE, resource=arn) for client in ("mobile", "batch")]
    assert decided(cases) == [False, True]


@pytest.mark.parametrize("client", ["mobile", "batch"])
def test_the_policy_of_a_token_ends_with_it(folder: Path, client: str) -> None:
    times = {"2023-11-14T22:13:19Z": True, "2023-11-14T22:13:20Z": False, "2023-11-14T22:13:21Z": False}
    policy = answer(folder, client, until=UNTIL)
    cases = [Case(policy=policy, action=INVOKE, resource=OWN, context={"aws:CurrentTime": time}) for time in times]
    assert decided(cases) == list(times.values())
    assert decided([Case(policy=policy, action=INVOKE, resource=OWN)]) == [False]


def test_the_policy_of_a_token_that_never_ends_does(folder: Path) -> None:
    """With what API Gateway keeps, which is an hour at most."""
    now = datetime.now(UTC)
    times = [(now + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ") for hours in (0, 2)]
    policy = answer(folder, "mobile", until=10**18)
    cases = [Case(policy=policy, action=INVOKE, resource=OWN, context={"aws:CurrentTime": time}) for time in times]
    assert decided(cases) == [True, False]


class Role:
    """What the function may do, as a deployed stack has it; and its log group, with another one beside it."""

    def __init__(self, api: Json) -> None:
        (function,) = (its for its in resources(api, "AWS::Lambda::Function").values() if "who calls" in str(its))
        (name, _) = function["Role"]["Fn::GetAtt"]
        assert resources(api, "AWS::IAM::Role")[name].keys() == {"AssumeRolePolicyDocument"}
        (policy,) = (its for its in resources(api, "AWS::IAM::Policy").values() if {"Ref": name} in its["Roles"])
        self.policy = concrete(policy["PolicyDocument"], api)
        own = function["LoggingConfig"]["LogGroup"]["Ref"]
        self.log = log_group(own)
        self.other_log = log_group(next(each for each in resources(api, "AWS::Logs::LogGroup") if each != own))

    def may(self, asked: Sequence[tuple[str, str]]) -> list[str]:
        """What it may do, of these actions and resources."""
        found = decided([Case(policy=self.policy, action=action, resource=resource) for action, resource in asked])
        return [f"{action} {resource}" for (action, resource), its in zip(asked, found, strict=True) if its]


def secret(name: str, *, region: str = "us-east-1", account: str = ACCOUNT) -> str:
    """Its ARN, which ends in six characters of Secrets Manager's own."""
    return f"arn:aws:secretsmanager:{region}:{account}:secret:{name}-AbCdEf"


NEIGHBOURS = [
    "acme-id/origin/1",
    "acme-id/clients/batch",
    "acme-id/clientsx/batch/_tokens",
    "acme-id-2/clients/batch/_tokens",
    "acme-ml/clients/batch/_tokens",
    "team/acme-id/clients/batch/_tokens",
    "ACME-ID/clients/batch/_tokens",
]
"""Secrets that have no key of a client of this gateway, with names that look like it."""


@pytest.fixture(scope="module")
def templates() -> Templates:
    return synthesize(load_config(TOP / "examples" / "identities.yaml"))


def test_the_role_reads_the_secrets_of_the_clients_and_no_others(templates: Templates) -> None:
    names = [its["Name"] for its in resources(templates["keys"], "AWS::SecretsManager::Secret").values()]
    own = [secret(name) for name in names if naming.client_key(name)]
    others = [secret(name) for name in NEIGHBOURS]
    others += [secret(name, region="eu-west-1") for name in names] + [secret(name, account="9" * 12) for name in names]
    assert len(own) == len(names) - 1 == 5
    asked = [("secretsmanager:GetSecretValue", arn) for arn in (*own, *others)]
    assert Role(templates["api"]).may(asked) == [f"secretsmanager:GetSecretValue {arn}" for arn in own]


def test_the_role_writes_its_log_and_does_nothing_else(templates: Templates) -> None:
    role = Role(templates["api"])
    allowed = [
        ("secretsmanager:BatchGetSecretValue", "*"),
        ("logs:PutLogEvents", f"{role.log}:log-stream:a"),
        ("logs:CreateLogStream", f"{role.log}:log-stream:a"),
    ]
    own = secret("acme-id/clients/partner-x/a")
    refused = [
        ("secretsmanager:ListSecrets", "*"),
        *((f"secretsmanager:{action}", own) for action in ("PutSecretValue", "DeleteSecret", "DescribeSecret")),
        ("logs:PutLogEvents", f"{role.other_log}:log-stream:a"),
        ("logs:PutLogEvents", f"{role.log}x:log-stream:a"),
        ("logs:CreateLogGroup", role.log),
        ("logs:GetLogEvents", f"{role.log}:log-stream:a"),
        ("kms:Decrypt", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/12345678-1234-1234-1234-123456789012"),
        ("lambda:InvokeFunction", f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:model"),
        (INVOKE, OWN),
    ]
    assert role.may([*allowed, *refused]) == [f"{action} {resource}" for action, resource in allowed]
