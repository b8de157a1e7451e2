"""Every example synthesizes with all checks on, as a reader would run it, and what was released can be upgraded."""

import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import pytest
import yaml

from ml_gateway import GatewayConfig, load_config
from ml_gateway.review.assembly import read_assembly
from ml_gateway.review.changes import compare
from ml_gateway.review.differences import ABSENT, Kind
from ml_gateway.review.guards import findings
from tests.files import changed, report
from tests.policy.keys import names_in, what_looks_like_a_key
from tests.policy.reading import broken_rules
from tests.released.announced import LOST, REFUSED
from tests.released.examples import APPS, FILE, FILES, RELEASED, name_of, synthesized
from tests.synthesis import TOP, AssemblyOf

Upgraded = Callable[[Path], Path]

GONE: Final = frozenset({Kind.REMOVED, Kind.MOVED, Kind.REPLACED, Kind.MAYBE_REPLACED})


@pytest.fixture(scope="module")
def upgraded(assembly_of: AssemblyOf, tmp_path_factory: pytest.TempPathFactory) -> Upgraded:
    """What today's version makes of an example as it was released: its file with what had to change, or its app."""

    def assembly(kept: Path) -> Path:
        if not (kept / FILE).exists():
            (app,) = (each for each in APPS if name_of(each) == kept.name)
            return assembly_of(name_of(app))
        _, written = REFUSED[kept.parent.name].get(kept.name, ("", {}))
        file = tmp_path_factory.mktemp("upgraded") / FILE
        file.write_text(yaml.safe_dump(changed(dict(written), yaml.safe_load((kept / FILE).read_text()))))
        return synthesized(file, file.with_name("out"))

    return cache(assembly)


def test_there_are_examples_of_both_kinds() -> None:
    assert len(FILES) >= 2
    assert APPS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_loads(path: Path) -> None:
    config = load_config(path)
    assert isinstance(config, GatewayConfig)
    assert config.name == yaml.safe_load(path.read_text())["name"]


@pytest.mark.parametrize("path", APPS, ids=lambda path: path.parent.name)
def test_app_synthesizes_keeps_the_house_rules_and_writes_no_key(path: Path, assembly_of: AssemblyOf) -> None:
    assembly = assembly_of(name_of(path))
    templates = [json.loads(template.read_text()) for template in assembly.glob("*.template.json")]
    assert templates
    assert [found for template in templates if (found := broken_rules(template))] == []
    names = {name for template in templates for name in names_in(template)}
    written = list(assembly.glob("*.json"))
    assert len(written) > len(templates)
    assert {file.name: keys for file in written if (keys := what_looks_like_a_key(file.read_text(), names=names))} == {}
    assert json.loads((assembly / "validation-report.json").read_text())["pluginReports"] == []


def label(kept: Path) -> str:
    return f"{kept.parent.name}-{kept.name}"


KEPT = sorted(path.parent for path in RELEASED.glob("*/*/manifest.json"))


def test_every_example_was_kept_when_a_version_was_released() -> None:
    (first,) = {kept.parent for kept in KEPT if kept.parent.name == "0.2.0"}
    # And none is gone since; those that came later were not there to be kept.
    assert {kept.name for kept in first.iterdir()} <= {name_of(example) for example in (*FILES, *APPS)}


@pytest.mark.parametrize("kept", [kept for kept in KEPT if (kept / FILE).exists()], ids=label)
def test_a_file_of_a_release_is_taken_but_for_what_the_changelog_says(kept: Path) -> None:
    said, written = REFUSED[kept.parent.name].get(kept.name, ("", {}))
    lines = sorted(line.partition(": ")[2] for line in report(kept / FILE))
    assert [line.partition(": ")[0] for line in lines] == sorted(written)
    assert [place for line, place in zip(lines, sorted(written), strict=True) if written[place] not in line] == []
    assert not written or is_announced(said, kept.parent.name)


@pytest.mark.parametrize("kept", KEPT, ids=label)
def test_nothing_is_lost_since_a_release_but_what_the_changelog_says(kept: Path, upgraded: Upgraded) -> None:
    """Stack names, logical ids of what holds state, secrets' names, callers' URLs are contracts."""
    announced = LOST[kept.parent.name]
    assert [line for line in lost(kept, upgraded(kept)) if line not in announced] == []


def test_the_changelog_says_all_that_is_lost(upgraded: Upgraded) -> None:
    assert LOST.keys() == REFUSED.keys() == {kept.parent.name for kept in KEPT}
    for version, announced in LOST.items():
        assert [said for said in announced.values() if not is_announced(said, version)] == []
        kept = [each for each in KEPT if each.parent.name == version]
        assert announced.keys() == {line for each in kept for line in lost(each, upgraded(each))}
        assert REFUSED[version].keys() <= {each.name for each in kept}


def test_what_the_changelog_does_not_say_is_noticed() -> None:
    assert not is_announced("The API gets another address.", "0.2.0")
    # What the release itself has says nothing of what came after it.
    assert not is_announced("Secrets and clients' keys are a stack of their own", "0.2.0")


@pytest.mark.parametrize(
    ("example", "file", "old", "new"),
    [
        ("gateway", "acme-ml-keys.template.json", "acme-ml/origin/1", "acme-ml/secret/1"),
        ("gateway", "acme-ml-keys.template.json", "OriginSecretsGeneration1", "SecretsGeneration1"),
        ("gateway", "manifest.json", '"acme-ml-keys": {', '"acme-ml-secrets": {'),
        ("gateway", "acme-ml-api.template.json", '"/predict"', '"/predict2"'),
        ("gateway", "acme-ml-api.template.json", "ApiRestApiE35FEAFE", "RestApiE35FEAFE"),
        ("gateway", "acme-ml-api.template.json", "ApiAccessLog", "AccessLog"),
        ("gateway", "acme-ml-edge.template.json", "Distribution20DB6340", "Edge20DB6340"),
        ("multi_tenant", "tenants-ml-keys.template.json", "tenants-ml/clients/partner-x/a", "tenants-ml/keys/x/a"),
        ("multi_tenant", "tenants-ml-api.template.json", "ApiRestApiDeploymentStagev1", "ApiStagev1"),
        ("multi_tenant", "tenants-ml-api.template.json", "UsagePlansgold", "Plansgold"),
        ("multi_tenant", "tenants-ml-api.template.json", "ClientspartnerxaApiKey", "KeyspartnerxaApiKey"),
        ("gateway", "acme-ml-edge.template.json", "DistributionCachePolicy7A", "CachePolicy7A"),
    ],
)
def test_another_name_is_noticed(example: str, file: str, old: str, new: str, tmp_path: Path) -> None:
    kept = RELEASED / "0.2.0" / example
    other = Path(shutil.copytree(kept, tmp_path / "other"))
    text = (other / file).read_text()
    assert old in text
    (other / file).write_text(text.replace(old, new))
    assert lost(kept, kept) == []
    assert [line for line in lost(kept, other) if line not in LOST["0.2.0"]] != []


def lost(before: Path, after: Path) -> list[str]:
    """What a review says that a deploy would lose, and what else would be replaced, removed or no longer said."""
    old, new = read_assembly(before), read_assembly(after)
    changes = compare(old, new)
    words = [
        *(finding.what for finding in findings(changes, old=old, new=new)),
        *((*each.name, f", {each.kind}") for change in changes for each in change.resources if each.kind in GONE),
        *(("output ", each.path) for change in changes for each in change.outputs if each.new is ABSENT),
    ]
    return ["".join(word if isinstance(word, str) else word.text for word in line) for line in words]


def is_announced(said: str, version: str) -> bool:
    """Whether CHANGELOG.md says so above what it says of that release."""
    since, heading, _ = (TOP / "CHANGELOG.md").read_text().partition(f"\n## {version}\n")
    assert heading
    return said in " ".join(since.split())
