"""The store and the function that change shares at once, in a stack of somebody's own and without a file."""

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_kms as kms

from ml_gateway import EdgeDesign, EdgeFunction, GatewayDistribution, Open
from ml_gateway.constructs.version_overrides import VersionOverrides
from ml_gateway.design import Split
from ml_gateway.functions import MissingModuleError, RollbackSettings
from ml_gateway.functions.overrides_code import SIGNER_VERSION
from ml_gateway.naming import SHARES_TYPE
from tests.constructs.distributions import HOUR, NEVER, ORIGIN
from tests.files import KMS_KEY
from tests.policy.reading import broken_rules
from tests.synthesis import TOP, Json, bare_stack, only, resources, template_of

FUNCTION = "AWS::CloudFront::Function"
STORE = "AWS::CloudFront::KeyValueStore"
RULE = "AWS::Events::Rule"
FRAUD = Split(model="fraud", takes="^/fraud/?$", shares={"v1": 90, "v2": 10}, by_client=True)
SCORE = Split(model="score", takes="^/score/?$", shares={"a": 50, "b": 25, "c": 25})
FAILS = {"fraud-v2-fails": RollbackSettings(model="fraud", version="v2", to="v1")}
EDGE = EdgeDesign(splits=(FRAUD, SCORE))
LOCKED = replace(ORIGIN, headers={"x-api-key": "acme-ml/origin/1"})


def define_overrides(stack: Stack, **settings: Any) -> VersionOverrides:
    return VersionOverrides(stack, "Overrides", **{"gateway_name": "acme-ml", "splits": EDGE.splits, **settings})


def overrides_template(region: str = "us-east-1", **settings: Any) -> Json:
    stack = bare_stack(region=region)
    define_overrides(stack, **settings)
    return template_of(stack)


def edge_template(edge: EdgeDesign = EDGE) -> Json:
    """A distribution with versions, and all that it needs."""
    stack = bare_stack()
    overrides = define_overrides(stack, rollbacks=FAILS)
    overrides.follow(GatewayDistribution(stack, "Edge", origin=LOCKED, edge=edge, overrides=overrides.store))
    return template_of(stack)


def test_a_distribution_with_versions_and_its_overrides_keep_every_rule_in_any_stack() -> None:
    """In an app without our feature flags, too."""
    template = edge_template()
    assert broken_rules(template) == {}
    kinds = [resource["Type"] for resource in template["Resources"].values()]
    assert [kinds.count(kind) for kind in (STORE, "AWS::Lambda::Function", RULE, SHARES_TYPE)] == [1, 1, 1, 2]


def test_each_function_of_a_distribution_reads_the_store() -> None:
    template = edge_template(replace(EDGE, model_caches={"/a": HOUR, "/b": NEVER}))
    (store,) = resources(template, STORE)
    functions = resources(template, FUNCTION).values()
    assert len(functions) == 2
    for function in functions:
        assert function["FunctionConfig"]["KeyValueStoreAssociations"] == [
            {"KeyValueStoreARN": {"Fn::GetAtt": [store, "Arn"]}}
        ]


def test_without_rollbacks_nothing_is_heard() -> None:
    template = overrides_template()
    assert resources(template, RULE) == {}
    assert resources(template, "AWS::Lambda::Permission") == {}
    assert resources(overrides_template(rollbacks=FAILS), RULE) != {}


def test_nothing_is_taken_away_that_nobody_follows() -> None:
    assert resources(overrides_template(), SHARES_TYPE) == {}


def test_its_log_has_the_retention_and_the_key_that_were_named() -> None:
    assert only(overrides_template(), "AWS::Logs::LogGroup")["RetentionInDays"] == 90
    stack = bare_stack()
    key = kms.Key.from_key_arn(stack, "Key", KMS_KEY)
    define_overrides(stack, log_retention=timedelta(days=7), encryption_key=key)
    log = only(template_of(stack), "AWS::Logs::LogGroup")
    assert (log["RetentionInDays"], log["KmsKeyId"]) == (7, KMS_KEY)


# What is refused


def imported_store(stack: Stack) -> cloudfront.IKeyValueStore:
    arn = "arn:aws:cloudfront::123456789012:key-value-store/0123abcd-0123-4567-89ab-0123456789ab"
    return cloudfront.KeyValueStore.from_key_value_store_arn(stack, "Imported", arn)


UNEVEN = "overrides: a store is needed where edge has splits, and only there; name it, or leave it out"

REFUSED: list[tuple[str, Callable[[Stack], object], str]] = [
    ("a function with versions and no store",
     lambda stack: EdgeFunction(stack, "F", callers=Open(), edge=EDGE), UNEVEN),
    ("a function with a store and no versions",
     lambda stack: EdgeFunction(stack, "F", callers=Open(), overrides=imported_store(stack)), UNEVEN),
    ("a distribution with versions and no store",
     lambda stack: GatewayDistribution(stack, "D", origin=LOCKED, edge=EDGE), UNEVEN),
    ("a distribution with a store and no versions",
     lambda stack: GatewayDistribution(stack, "D", origin=LOCKED, overrides=imported_store(stack)), UNEVEN),
    ("a retention that CloudWatch lacks", lambda stack: define_overrides(stack, log_retention=timedelta(days=2)),
     "log retention must be one of 1, 3, 5, 7,"),
]  # fmt: skip


@pytest.mark.parametrize(("define", "message"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_does_not_belong_together_is_refused(define: Callable[[Stack], object], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        define(bare_stack())


def test_another_region_is_refused_and_one_that_is_not_known_is_not() -> None:
    with pytest.raises(ValueError, match="what rolls versions back cannot be defined in eu-west-1"):
        overrides_template("eu-west-1")
    stack = bare_stack(region=None)
    define_overrides(stack)
    assert only(template_of(stack), STORE)


@pytest.mark.parametrize("shares", [{}, {"v1": 90, "v2": 20}, {"a": 97, "b": 1, "c": 1, "d": 1}], ids=str)
def test_what_are_no_shares_is_refused(shares: dict[str, int]) -> None:
    with pytest.raises(
        ValueError, match=r"^Split\.shares: \{.*\} are no shares; write whole percents of 1 to 3 versions"
    ):
        replace(FRAUD, shares=shares)


def test_a_missing_package_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = bare_stack()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MissingModuleError) as raised:
        define_overrides(stack)
    assert str(raised.value) == (
        "overrides of rollouts are signed by @smithy/signature-v4a, a package of npm, and no node_modules has it; in "
        f"the folder of cdk.json run npm install --save-exact @smithy/signature-v4a@{SIGNER_VERSION}"
    )


def test_what_overrides_need_is_loaded_for_gateways_with_versions_only() -> None:
    program = (
        "import sys; from ml_gateway import define_gateway, load_config; from tests.synthesis import new_app; "
        "from pathlib import Path\n"
        "for file in sys.argv[1:]: define_gateway(new_app(), load_config(Path(file))); "
        "print('ml_gateway.constructs.version_overrides' in sys.modules)"
    )
    command = [sys.executable, "-c", program, "gateway.yaml", "examples/rollouts.yaml"]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
