"""The folder that is uploaded: what it takes along, and what is told where that is missing."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ml_gateway.functions import (
    MissingModuleError,
    OverridesSettings,
    RollbackSettings,
    authorizer_code,
    find_signer,
    node_packages,
    write_overrides,
)
from ml_gateway.functions.overrides_code import SIGNER_VERSION, SOURCES
from tests.overrides.function import NODE, SETTINGS
from tests.overrides.servers import ARN
from tests.synthesis import TOP

SIGNER = "@smithy/signature-v4a"
INSTALL = f"in the folder of cdk.json run npm install --save-exact {SIGNER}@{SIGNER_VERSION}"


def node_says(program: str, folder: Path) -> str:
    environment = {"STORE": ARN}
    done = subprocess.run(
        [NODE, "-e", program], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def package_at(folder: Path, name: str, version: str, **dependencies: str) -> Path:
    """A package that runs, and tells what it found."""
    package = folder / "node_modules" / name
    (package / "dist-cjs").mkdir(parents=True)
    manifest = {"name": name, "version": version, "main": "./dist-cjs/index.js", "dependencies": dependencies}
    (package / "package.json").write_text(json.dumps(manifest))
    (package / "LICENSE").write_text("as you like")
    (package / "README.md").write_text("for readers")
    found = ", ".join(f"...require('{each}')('{name}')" for each in dependencies)
    code = f"module.exports = from => [`${{from}} finds {name} {version}`, {found}];"
    (package / "dist-cjs" / "index.js").write_text(code)
    return package


def test_it_takes_what_runs_and_its_licenses(staged: Path) -> None:
    files = files_of(staged)
    packages = [name.removesuffix("/package.json") for name in files if name.endswith("/package.json")]
    assert {f"node_modules/{SIGNER}", "node_modules/@smithy/signature-v4", "node_modules/@smithy/core"} <= set(packages)
    assert all(any(name.startswith(f"{package}/LICENSE") for name in files) for package in packages)
    assert {Path(name).suffix for name in files} == {".js", ".json", ".txt", ""}
    assert not [name for name in files if re.search(r"\.(browser|native)\.|dist-(es|types)|README|CHANGELOG", name)]
    assert sum(len(content) for content in files.values()) < 800_000


def test_it_runs_with_nothing_else(staged: Path) -> None:
    """Whatever it requires lies in the folder, or in Node."""
    program = "require('./index.js'); console.log(Object.keys(require.cache).join(' '))"
    required = [Path(file) for file in node_says(program, staged).split()]
    assert all(file.is_relative_to(staged) for file in required)
    ours = {file.name for file in required if file.parent == staged}
    assert ours == {"config.json", *(path.name for path in SOURCES.glob("*.js"))}


def test_every_dependency_can_be_required(staged: Path) -> None:
    names = json.loads((staged / "node_modules" / SIGNER / "package.json").read_text())["dependencies"]
    program = f"for (const name of {json.dumps(list(names))}) require(name); console.log('all')"
    assert node_says(program, staged) == "all"


def test_its_config_has_models_and_alarms_by_name(tmp_path: Path) -> None:
    settings = OverridesSettings(
        models={"b": {"v2": 10, "v1": 90}, "a": {"v1": 100}},
        alarms={"two": RollbackSettings(model="b", version="v2", to="v1")},
    )
    write_overrides(settings, tmp_path, project=TOP)
    config = (tmp_path / "config.json").read_text()
    assert json.loads(config) == {
        "models": {"a": {"v1": 100}, "b": {"v1": 90, "v2": 10}},
        "alarms": {"two": {"model": "b", "version": "v2", "to": "v1"}},
    }
    assert config.index('"a"') < config.index('"b"')
    assert config.index('"v2": 10') < config.index('"v1": 90')


def test_the_same_settings_are_the_same_files(staged: Path, tmp_path: Path) -> None:
    write_overrides(SETTINGS, tmp_path, project=TOP / "examples")
    assert files_of(tmp_path) == files_of(staged)


def test_the_signer_is_the_one_that_is_pinned() -> None:
    for file in (TOP / "package.json", TOP / "ml_gateway" / "cli" / "project" / "package.json"):
        assert json.loads(file.read_text())["devDependencies"][SIGNER] == SIGNER_VERSION
    assert find_signer(TOP / "examples") == TOP / "node_modules" / SIGNER


def test_a_signer_that_is_missing_is_told_with_the_line_that_installs_it(tmp_path: Path) -> None:
    with pytest.raises(MissingModuleError) as refused:
        find_signer(tmp_path)
    said = f"overrides of rollouts are signed by {SIGNER}, a package of npm, and no node_modules has it; {INSTALL}"
    assert str(refused.value) == said
    with pytest.raises(MissingModuleError, match=re.escape(said)):
        write_overrides(SETTINGS, tmp_path, project=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_another_version_is_told_with_the_line_that_installs_the_right_one(tmp_path: Path) -> None:
    package = package_at(tmp_path, SIGNER, "3.0.0")
    with pytest.raises(MissingModuleError) as refused:
        find_signer(tmp_path / "inner")
    said = f"overrides of rollouts are signed by {SIGNER} {SIGNER_VERSION}, and {package} is 3.0.0; {INSTALL}"
    assert str(refused.value) == said


def test_a_dependency_that_is_missing_is_told(tmp_path: Path) -> None:
    package = package_at(tmp_path / "project", SIGNER, SIGNER_VERSION, **{"@smithy/core": "^3"})
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(MissingModuleError) as refused:
        write_overrides(SETTINGS, folder, project=tmp_path / "project")
    needs = f"{package} needs @smithy/core, and no node_modules has it"
    said = f"overrides of rollouts are signed by {SIGNER} {SIGNER_VERSION}, {needs}; {INSTALL}"
    assert str(refused.value) == said


def test_the_authorizer_says_the_same_of_its_own() -> None:
    assert authorizer_code.MissingModuleError is MissingModuleError is node_packages.MissingModuleError


def test_each_package_finds_the_versions_that_npm_gave_it(tmp_path: Path) -> None:
    """One version at the top, another inside of who needs it; and a package from the folder above."""
    project = tmp_path / "above" / "project"
    signer = package_at(project, SIGNER, SIGNER_VERSION, left="1", right="1", deep="1")
    left = package_at(project, "left", "1", shared="1")
    package_at(left, "shared", "1", deep="1")
    package_at(left, "deep", "1")
    package_at(project, "right", "1", shared="2")
    package_at(project, "shared", "2")
    package_at(project.parent, "deep", "2")
    folder = tmp_path / "folder"
    folder.mkdir()
    write_overrides(SETTINGS, folder, project=project)
    program = f"console.log(require('{SIGNER}')('it').join('; '))"
    assert node_says(program, folder) == node_says(program, project)
    assert "left finds shared 1; shared finds deep 1; " in node_says(program, folder)
    assert "right finds shared 2" in node_says(program, folder)
    assert not list(folder.rglob("README.md"))
    assert signer.is_dir()


def test_links_to_packages_are_followed(tmp_path: Path) -> None:
    """As some package managers lay packages out."""
    kept = tmp_path / "kept"
    package_at(kept / "signer", SIGNER, SIGNER_VERSION, core="3")
    package_at(kept / "core", "core", "3")
    (kept / "signer" / "node_modules" / "core").symlink_to(kept / "core" / "node_modules" / "core")
    project = tmp_path / "project" / "node_modules" / "@smithy"
    project.mkdir(parents=True)
    (project / "signature-v4a").symlink_to(kept / "signer" / "node_modules" / SIGNER)
    folder = tmp_path / "folder"
    folder.mkdir()
    write_overrides(SETTINGS, folder, project=tmp_path / "project")
    shutil.rmtree(kept)
    program = f"console.log(require('{SIGNER}')('it').join('; '))"
    assert node_says(program, folder) == f"it finds {SIGNER} {SIGNER_VERSION}; {SIGNER} finds core 3"
