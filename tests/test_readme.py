"""What the README and the pages that show a whole file or program say works as it is shown."""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import yaml

from ml_gateway import load_config
from ml_gateway.conflicts import Place
from ml_gateway.credentials import KEPT_GENERATIONS
from ml_gateway.design import GatewayDesign
from ml_gateway.reading.file_schema import file_schema, schema_at
from tests.synthesis import TOP, Templates, only, resources

README = (TOP / "README.md").read_text()
MAKEFILE = (TOP / "Makefile").read_text()


FILE = (TOP / "docs" / "file.md").read_text()
LIMITS = (TOP / "docs" / "limits.md").read_text()
CONTRIBUTING = (TOP / "CONTRIBUTING.md").read_text()


def block(language: str, page: str = README) -> str:
    """The one code block in that language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)
    return str(found)


def test_it_fits_on_a_few_screens_and_its_file_on_one() -> None:
    assert len(README.splitlines()) < 150
    assert len(block("yaml").splitlines()) < 20


def test_its_file_is_a_gateway(tmp_path: Path) -> None:
    path = tmp_path / "gateway.yaml"
    path.write_text(block("yaml"))
    assert set(load_config(path).models) == {"llama", "fraud"}


def test_the_commented_file_loads_and_shows_every_setting(tmp_path: Path) -> None:
    path = tmp_path / "gateway.yaml"
    path.write_text(block("yaml", FILE))
    assert GatewayDesign.of(load_config(path)).models["predict"].served.path == "/predict"
    assert set(missing((), [yaml.safe_load(block("yaml", FILE))])) == {
        # They would contradict what is shown; a comment names them.
        ("edge", "countries"),
        ("edge", "firewall", "countries", "deny"),
    }


def test_the_files_of_the_page_about_environments_are_two_gateways(tmp_path: Path) -> None:
    page = (TOP / "docs" / "environments.md").read_text()
    base, top, *_ = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "gateway.yaml").write_text(base)
    (tmp_path / "production.yaml").write_text(top)
    staging, production = (load_config(tmp_path / name) for name in ("gateway.yaml", "production.yaml"))
    assert (staging.name, production.name) == ("acme-ml-staging", "acme-ml-prod")
    assert staging.edge.cache
    assert production.edge.cache is None
    assert production.plans["default"].quota is None


def missing(place: Place, sections: Sequence[object]) -> Iterator[Place]:
    """The places of settings that none of `sections`, all at `place`, has. Backends are in docs/backends.md."""
    given = [section for section in sections if isinstance(section, dict)]
    schema = schema_at(place) if place else file_schema()
    if not given or "discriminator" in schema:
        return
    if "additionalProperties" in schema and "properties" not in schema:
        yield from missing((*place, "<name>"), [inner for section in given for inner in section.values()])
    for name in schema.get("properties", ()):
        shown = [section[name] for section in given if name in section]
        yield from missing((*place, name), shown) if shown else [(*place, name)]


def test_the_prices_at_rest_are_those_of_what_is_defined(templates: Templates) -> None:
    secrets = resources(templates["keys"], "AWS::SecretsManager::Secret")
    rules = only(templates["edge"], "AWS::WAFv2::WebACL")["Rules"]
    ((counted, firewall),) = re.findall(
        r"^\| `edge.firewall`.*\| \$5 \+ (\d) .* \$1 \| \$(\d+) \|$", LIMITS, re.MULTILINE
    )
    assert int(counted) == len(rules)
    assert int(firewall) == 5 + len(rules)
    begin = 0.4 * len(secrets)
    rotated = 0.4 * KEPT_GENERATIONS
    assert (
        f"costs ${int(firewall) + begin:.2f} to begin with, ${int(firewall) + rotated:.2f} after two rotations; "
        f"without the `firewall` line ${begin:.2f} and ${rotated:.2f}"
    ) in LIMITS
    assert f"${int(firewall) + begin:.2f} a month at rest, ${begin:.2f} without its firewall" in README
    assert f"costs about ${firewall} a month" in (TOP / "gateway.yaml").read_text()


def test_the_targets_that_take_a_file_are_named() -> None:
    recipes = dict(re.findall(r"^([a-z]+): .*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE))
    takes_app = {target for target, recipe in recipes.items() if "$(WHICH)" in recipe}
    takes_file = {target for target, recipe in recipes.items() if "$(CONFIG)" in recipe} | takes_app
    (sentence,) = re.findall(r"^(.*) take `CONFIG=path`", CONTRIBUTING, re.MULTILINE)
    named = re.findall(r"`make ([a-z]+)`", sentence)
    assert set(named) == takes_file | {"review"}  # which reads it from the environment
    assert "The first five take `APP=path`" in CONTRIBUTING
    assert set(named[:5]) == takes_app


def test_the_python_example_runs(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", block("python", (TOP / "docs" / "constructs.md").read_text())],
        env={
            "PYTHONPATH": str(TOP),
            "PATH": str(Path(sys.executable).parent),
            "CDK_OUTDIR": str(tmp_path),
            "CDK_VALIDATION": "false",  # seconds, for what would be warnings here
        },
        check=True,
        timeout=120,
    )
    assert sorted(path.name for path in tmp_path.glob("*.template.json")) == [
        "acme-ml-api-us-east-1.template.json",
        "acme-ml-edge.template.json",
        "acme-ml-keys.template.json",
    ]


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`make ([a-z]+)", README + CONTRIBUTING))))
def test_each_command_is_a_target(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


def test_help_has_a_line_for_each_target() -> None:
    done = subprocess.run(["make", "--no-print-directory", "help"], cwd=TOP, capture_output=True, text=True, check=True)
    (phony,) = re.findall(r"^\.PHONY: (.*)", MAKEFILE, re.MULTILINE)
    said = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert set(said) == set(phony.split())
    assert all(len(text) > 5 for text in said.values())


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_each_link_leads_somewhere(link: str) -> None:
    assert (TOP / link).exists()
