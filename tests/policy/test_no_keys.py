"""Nothing that a synthesis writes, and nothing that lies in this repository, looks like a key."""

import json
import random
import string
import subprocess
from pathlib import Path

import pytest
from aws_cdk import App

from ml_gateway import define_gateway, load_config
from tests.policy.keys import names_in, what_looks_like_a_key
from tests.synthesis import CONTEXT, TOP

FILES = [TOP / "gateway.yaml", *sorted((TOP / "examples").glob("*.yaml"))]
TRACKED = [
    TOP / name
    for name in subprocess.run(["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=True).stdout.split()
]
SNAPSHOTS = [
    path
    for path in TRACKED
    if ("__snapshots__" in path.parts and path.suffix == ".json") or path.name.endswith(".template.json")
]
ALPHABET = string.ascii_letters + string.digits


def key_of(length: int, *, seed: int) -> str:
    return "".join(random.Random(seed).choices(ALPHABET, k=length))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_file_of_an_assembly_holds_a_key(path: Path, tmp_path: Path) -> None:
    app = App(context=CONTEXT, builtin_cloud_formation_validation=False, outdir=str(tmp_path))
    define_gateway(app, load_config(path))
    stacks = app.synth().stacks
    names = {name for stack in stacks for name in names_in(stack.template)}
    # A package of npm, as it is: it names the beginning of keys that it reads.
    written = [file for file in tmp_path.rglob("*") if file.is_file() and "node_modules" not in file.parts]
    assert len(written) > len(stacks)
    assert {f.name: found for f in written if (found := what_looks_like_a_key(f.read_text(), names=names))} == {}


def test_no_snapshot_holds_a_key() -> None:
    assert len(SNAPSHOTS) > 5
    found = {
        path.name: what_looks_like_a_key(text := path.read_text(), names=names_in(json.loads(text)))
        for path in SNAPSHOTS
    }
    assert {name: keys for name, keys in found.items() if keys} == {}


def test_no_file_of_the_repository_holds_a_key() -> None:
    # Lock files hold integrity hashes, and nothing else that is random.
    files = [
        path for path in TRACKED if path not in SNAPSHOTS and not path.name.startswith(("package-lock", "requirem"))
    ]
    assert len(files) > 100
    found = {str(path.relative_to(TOP)): what_looks_like_a_key(path.read_text()) for path in files}
    assert {name: keys for name, keys in found.items() if keys} == {}


@pytest.mark.parametrize("length", [48, 64])
def test_a_generated_key_would_be_found(length: int) -> None:
    keys = [key_of(length, seed=seed) for seed in range(200)]
    assert [key for key in keys if what_looks_like_a_key(f'{{"Value": "{key}"}}') != [key]] == []


@pytest.mark.parametrize("key", ["AKIA" + "A1" * 8, "sk-" + "a1" * 12, "-----BEGIN " + "RSA PRIVATE KEY-----"])
def test_a_key_of_another_maker_would_be_found(key: str) -> None:
    assert what_looks_like_a_key(f"key: {key}\n") == [key]


def test_hashes_and_logical_ids_are_no_keys() -> None:
    assert (
        what_looks_like_a_key("0123456789abcdef" * 4 + " OriginLockGeneration1SecretB6ECBA9A", names={"OriginLock"})
        == []
    )
