"""All examples as they are deployed, and the policies in them."""

import importlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from unittest.mock import patch

import pytest
from aws_cdk import App

from tests.iam.check import Place
from tests.iam.meant import ENCRYPTED, KMS_KEYS, SECOND
from tests.iam.policies import Policies, policies_of
from tests.released.examples import APPS, FILES, name_of, synthesized
from tests.stacks.test_rollouts import REGIONAL, example
from tests.synthesis import CONTEXT, Json

Stacks = dict[str, tuple[str, Json]]
"""The region and the template of each stack, by its construct id."""


@pytest.fixture(scope="session")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> Stacks:
    """Those of every example, and one of which no example has the like."""
    folder = tmp_path_factory.mktemp("examples")
    assemblies = [synthesized(file, folder / name_of(file)) for file in FILES]
    assemblies += [_run(app, folder / name_of(app)) for app in APPS]
    encrypted = example({**REGIONAL, "encryption.kms_key": KMS_KEYS})[f"api-{SECOND}"]
    return dict(stack for assembly in assemblies for stack in _stacks(assembly)) | {ENCRYPTED: (SECOND, encrypted)}


@pytest.fixture(scope="session")
def found(stacks: Stacks) -> Mapping[Place, Policies]:
    return {
        (stack, name): policies
        for stack, (region, template) in stacks.items()
        for name, policies in policies_of(template, region=region).items()
    }


def _run(app: Path, folder: Path) -> Path:
    """In this process: one of its own would take four seconds each."""
    module = importlib.import_module(f"examples.{app.parent.name}.app")
    root = App(context=dict(CONTEXT), outdir=str(folder), builtin_cloud_formation_validation=False)
    with patch.object(module, "App", return_value=root):
        module.main()
    return folder


def _stacks(assembly: Path) -> Iterator[tuple[str, tuple[str, Json]]]:
    for name, artifact in json.loads((assembly / "manifest.json").read_text())["artifacts"].items():
        if artifact["type"] == "aws:cloudformation:stack":
            region = artifact["environment"].rpartition("/")[2]
            yield name, (region, json.loads((assembly / artifact["properties"]["templateFile"]).read_text()))
