"""All examples as they are deployed, and the policies in them."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.iam.check import Place
from tests.iam.meant import ENCRYPTED, KMS_KEYS, SECOND
from tests.iam.policies import Policies, policies_of
from tests.released.examples import EXAMPLES
from tests.stacks.test_rollouts import REGIONAL, example
from tests.synthesis import AssemblyOf, Json

Stacks = dict[str, tuple[str, Json]]
"""The region and the template of each stack, by its construct id."""


@pytest.fixture(scope="session")
def stacks(assembly_of: AssemblyOf) -> Stacks:
    """Those of every example, and one of which no example has the like."""
    assemblies = [assembly_of(name) for name in EXAMPLES]
    encrypted = example({**REGIONAL, "encryption.kms_key": KMS_KEYS})[f"api-{SECOND}"]
    return dict(stack for assembly in assemblies for stack in _stacks(assembly)) | {ENCRYPTED: (SECOND, encrypted)}


@pytest.fixture(scope="session")
def found(stacks: Stacks) -> Mapping[Place, Policies]:
    return {
        (stack, name): policies
        for stack, (region, template) in stacks.items()
        for name, policies in policies_of(template, region=region).items()
    }


def _stacks(assembly: Path) -> Iterator[tuple[str, tuple[str, Json]]]:
    for name, artifact in json.loads((assembly / "manifest.json").read_text())["artifacts"].items():
        if artifact["type"] == "aws:cloudformation:stack":
            region = artifact["environment"].rpartition("/")[2]
            yield name, (region, json.loads((assembly / artifact["properties"]["templateFile"]).read_text()))
