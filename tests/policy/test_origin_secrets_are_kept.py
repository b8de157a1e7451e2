"""What the stacks of a gateway name of origin secrets is in the stack that keeps them, before a rotation and after."""

import copy
import json
import re
from functools import cache
from typing import Any

import pytest

from ml_gateway import ClientConfig, OriginLockConfig
from ml_gateway.policy import Template
from ml_gateway.policy.secret_rules import origin_secrets_are_kept
from ml_gateway.policy.template import make_one_app
from tests.synthesis import Json, Templates, gateway_config, resources, synthesize

SECRET = "AWS::SecretsManager::Secret"
REGIONS = {"keys": "us-east-1", "api": "eu-west-1", "edge": "us-east-1"}
LOCKS: dict[str, dict[str, Any]] = {"api key": {}, "header": {"clients": {"app": ClientConfig(plan="default")}}}


@cache
def gateway(generation: int, lock: str) -> Templates:
    config = gateway_config(regions=("eu-west-1",), origin_lock=OriginLockConfig(generation=generation), **LOCKS[lock])
    return synthesize(config)


def named_by(templates: Templates) -> set[str]:
    """The origin secrets that the later stacks refer to."""
    text = json.dumps([templates["api"], templates["edge"]])
    return set(re.findall(r"\{\{resolve:secretsmanager:([^:]+/origin/\d+):", text))


def kept_by(templates: Templates) -> set[str]:
    return {secret["Name"] for secret in resources(templates["keys"], SECRET).values() if "/origin/" in secret["Name"]}


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize("generation", range(1, 7))
def test_all_that_this_generation_and_the_one_before_name_is_kept(generation: int, lock: str) -> None:
    after = gateway(generation, lock)
    before = gateway(generation - 1, lock) if generation > 1 else after
    assert len(named_by(before) | named_by(after)) == min(generation, 3)
    assert named_by(before) | named_by(after) <= kept_by(after)


def findings(templates: Templates, regions: dict[str, str] | None = None) -> dict[str, list[str]]:
    """By the role of the stack, what is wrong there."""
    read = {role: Template.of(template, region=(regions or {}).get(role)) for role, template in templates.items()}
    make_one_app(list(read.values()))
    found = {role: [one.found for one in origin_secrets_are_kept.findings(each)] for role, each in read.items()}
    return {role: wrong for role, wrong in found.items() if wrong}


def without(templates: Templates, generation: int) -> Templates:
    """Where the stack of the keys has lost a generation."""
    broken = copy.deepcopy(templates)
    (logical_id,) = (
        name
        for name, secret in resources(broken["keys"], SECRET).items()
        if secret["Name"] == f"acme-ml/origin/{generation}"
    )
    del broken["keys"]["Resources"][logical_id]
    return broken


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize(("lost", "where"), [(5, {"api", "edge"}), (4, {"api"}), (3, set())])
def test_what_names_a_generation_that_is_not_kept_is_refused(lock: str, lost: int, where: set[str]) -> None:
    templates = gateway(5, lock)
    assert findings(templates, REGIONS) == {}
    found = findings(without(templates, lost), REGIONS)
    assert found.keys() == where
    kept = ", ".join(f"acme-ml/origin/{number}" for number in (3, 4, 5) if number != lost)
    assert {text for texts in found.values() for text in texts} <= {
        f"names acme-ml/origin/{lost}, and the app defines {kept}"
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_what_reads_a_secret_in_a_region_without_a_replica_is_refused(lock: str) -> None:
    templates = copy.deepcopy(gateway(1, lock))
    for secret in resources(templates["keys"], SECRET).values():
        del secret["ReplicaRegions"]
    missing = "names acme-ml/origin/1, of which eu-west-1 has no replica"
    assert findings(templates, REGIONS) == {"api": [missing]}
    assert findings(templates, REGIONS | {"api": "us-east-1"}) == {}
    # Of a stack for any region nobody can tell.
    assert findings(templates) == {}


def test_a_replica_elsewhere_does_not_help() -> None:
    templates = gateway(1, "api key")
    assert findings(templates, REGIONS | {"api": "eu-central-1"}).keys() == {"api"}


def test_an_app_that_defines_no_origin_secret_of_that_gateway_is_left_alone() -> None:
    templates = gateway(2, "api key")
    assert findings({role: template for role, template in templates.items() if role != "keys"}) == {}
    theirs: Json = {"Resources": {"S": {"Type": SECRET, "Properties": {"Name": "other/origin/7"}}}}
    assert findings({**templates, "keys": theirs}) == {}
    by_a_function: Json = {"Resources": {"S": {"Type": SECRET, "Properties": {"Name": {"Ref": "AWS::StackName"}}}}}
    assert findings({**templates, "theirs": by_a_function}, REGIONS) == {}
