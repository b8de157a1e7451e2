"""Every example synthesizes with all checks on, as a reader would run it."""

import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import yaml

from ml_gateway import GatewayConfig, load_config
from ml_gateway.review.assembly import read_assembly
from ml_gateway.review.changes import compare
from ml_gateway.review.guards import findings
from tests.policy.keys import names_in, what_looks_like_a_key
from tests.policy.reading import broken_rules
from tests.released.examples import APPS, FILES, RELEASED, name_of, synthesized

Today = Callable[[Path], Path]


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Today:
    """The assembly of an example, synthesized once."""
    return cache(lambda example: synthesized(example, tmp_path_factory.mktemp("examples") / "out"))


def test_there_are_examples_of_both_kinds() -> None:
    assert len(FILES) >= 2
    assert APPS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_loads(path: Path) -> None:
    config = load_config(path)
    assert isinstance(config, GatewayConfig)
    assert config.name == yaml.safe_load(path.read_text())["name"]


@pytest.mark.parametrize("path", APPS, ids=lambda path: path.parent.name)
def test_app_synthesizes_keeps_the_house_rules_and_writes_no_key(path: Path, today: Today) -> None:
    assembly = today(path)
    templates = [json.loads(template.read_text()) for template in assembly.glob("*.template.json")]
    assert templates
    assert [found for template in templates if (found := broken_rules(template))] == []
    names = {name for template in templates for name in names_in(template)}
    written = list(assembly.glob("*.json"))
    assert len(written) > len(templates)
    assert {file.name: keys for file in written if (keys := what_looks_like_a_key(file.read_text(), names=names))} == {}
    assert json.loads((assembly / "validation-report.json").read_text())["pluginReports"] == []


KEPT = sorted(path.parent for path in RELEASED.glob("*/*/manifest.json"))


def test_every_example_was_kept_when_a_version_was_released() -> None:
    (first,) = {kept.parent for kept in KEPT if kept.parent.name == "0.2.0"}
    # And none is gone since; those that came later were not there to be kept.
    assert {kept.name for kept in first.iterdir()} <= {name_of(example) for example in (*FILES, *APPS)}


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: f"{kept.parent.name}-{kept.name}")
def test_nothing_is_replaced_that_callers_or_state_rely_on_since_a_release(kept: Path, today: Today) -> None:
    """Stack names, logical ids of what holds state, secrets' names, callers' URLs are contracts."""
    (example,) = (each for each in (*FILES, *APPS) if name_of(each) == kept.name)
    assert lost(kept, today(example)) == []


@pytest.mark.parametrize(
    ("what", "renamed"),
    [
        ("a secret", ("acme-ml-keys.template.json", "acme-ml/origin/1", "acme-ml/secret/1")),
        ("a logical id", ("acme-ml-keys.template.json", "OriginSecretsGeneration1", "SecretsGeneration1")),
        ("a stack", ("manifest.json", '"acme-ml-keys": {', '"acme-ml-secrets": {')),
        ("a URL", ("acme-ml-api.template.json", '"/predict"', '"/predict2"')),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_another_name_is_noticed(what: str, renamed: tuple[str, str, str], tmp_path: Path) -> None:
    kept, (file, old, new) = RELEASED / "0.2.0" / "gateway", renamed
    other = Path(shutil.copytree(kept, tmp_path / "other"))
    text = (other / file).read_text()
    assert old in text, what
    (other / file).write_text(text.replace(old, new))
    assert lost(kept, other) != []


def lost(before: Path, after: Path) -> list[str]:
    """What a review says that a deploy would lose."""
    old, new = read_assembly(before), read_assembly(after)
    found = findings(compare(old, new), old=old, new=new)
    lines = ["".join(word if isinstance(word, str) else word.text for word in finding.what) for finding in found]
    # The wording of the gateway's own errors is no contract; the changelog tells of it.
    return [line for line in lines if not line.startswith("errors: ")]
