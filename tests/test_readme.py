"""What the README shows works as shown."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ml_gateway import load_config
from tests.synthesis import TOP

README = (TOP / "README.md").read_text()
MAKEFILE = (TOP / "Makefile").read_text()


def block(language: str) -> str:
    """The one code block in that language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return str(found)


def test_the_commented_file_loads_and_shows_every_setting(tmp_path: Path) -> None:
    path = tmp_path / "gateway.yaml"
    path.write_text(block("yaml"))
    config = load_config(path)
    assert config.models["predict"].path_for("predict") == "/predict"
    sections = (
        config,
        *config.models.values(),
        *config.plans.values(),
        *config.clients.values(),
        config.logs,
        config.edge,
        config.edge.cache,
    )
    for model in sections:
        assert model is not None
        for name in type(model).model_fields:
            assert re.search(rf"\b{name}:", block("yaml")), f"the README's file does not show {name}"


def test_the_python_example_runs(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", block("python")],
        env={"PYTHONPATH": str(TOP), "PATH": str(Path(sys.executable).parent), "CDK_OUTDIR": str(tmp_path)},
        check=True,
        timeout=120,
    )
    assert sorted(path.name for path in tmp_path.glob("*.template.json")) == [
        "acme-ml-api.template.json",
        "acme-ml-edge.template.json",
    ]


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`?make ([a-z]+)", README))))
def test_each_command_is_a_target(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_each_link_leads_somewhere(link: str) -> None:
    assert (TOP / link).exists()
