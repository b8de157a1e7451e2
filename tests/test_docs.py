"""The documentation names tests, files and settings that exist."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from ml_gateway import GatewayConfig, ModelConfig
from ml_gateway.routes import ProtocolName
from tests.synthesis import TOP, gateway_config

PAGES = [TOP / "CONTRIBUTING.md", TOP / "examples" / "README.md", *sorted((TOP / "docs").rglob("*.md"))]
TESTS = re.compile(r"`(?:tests/)?((?:[a-z_0-9]+/)*(?:test_[a-z_0-9]+|house_rules)\.py)(?:::(test_\w+))?`")


def named_tests(page: Path) -> list[tuple[str, str]]:
    return TESTS.findall(page.read_text())


def test_the_page_of_complaints_answers_all_fifteen_with_a_test() -> None:
    page = (TOP / "docs" / "troubleshooting.md").read_text()
    rows = re.findall(r"^\| (\d{1,2}) \|.*\|(.*)\|$", page, re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, 16))
    assert all(TESTS.search(shown_by) for _, shown_by in rows)


def test_each_promise_of_the_security_model_has_a_witness() -> None:
    page = (TOP / "docs" / "security.md").read_text()
    rows = [line for line in page.splitlines() if line.startswith("| ") and line.count("|") == 4]
    promises = list(rows[rows.index("| promise | what witnesses it | not verified live |") + 1 :])
    assert len(promises) > 10
    assert [row for row in promises if not TESTS.search(row)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TOP)))
def test_named_tests_exist(page: Path) -> None:
    missing = []
    for file, name in named_tests(page):
        path = TOP / "tests" / file
        if not path.is_file() or (f"def {name or 'test_'}" not in path.read_text() and name):
            missing.append(f"{file}::{name}")
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TOP)))
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)(#[^)]*)?\)", page.read_text()):
        target = page.parent / link if link else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link + anchor)
    assert broken == []


def test_every_page_is_reached_from_the_concepts() -> None:
    concepts = (TOP / "docs" / "concepts.md").read_text()
    assert [page.name for page in (TOP / "docs").glob("*.md") if f"]({page.name})" not in concepts] == ["concepts.md"]


def test_every_example_is_listed() -> None:
    listed = set(re.findall(r"\]\(([^)]+)\)", (TOP / "examples" / "README.md").read_text()))
    files = {path.name for path in (TOP / "examples").glob("*.yaml")}
    apps = {f"{path.parent.name}/app.py" for path in (TOP / "examples").glob("*/app.py")}
    assert listed == files | apps | {"../gateway.yaml"}


@pytest.mark.parametrize(
    ("protocol", "said"),
    [("raw", "246 of them fit"), ("openai", "resources of the API: 21 fit"), ("oip-v2", "has 13 below 17: 16 fit")],
)
def test_as_many_models_fit_as_the_page_of_limits_says(protocol: ProtocolName, said: str) -> None:
    def gateway(count: int) -> GatewayConfig:
        model = ModelConfig(url="https://model.example.com", protocol=protocol)
        return gateway_config(models={f"m{number}": model for number in range(count)})

    page = " ".join((TOP / "docs" / "limits.md").read_text().split())
    assert said in page
    most = max(int(number) for number in re.findall(r"(\d+) (?:of them )?fit", said))
    assert len(gateway(most).models) == most
    with pytest.raises(ValidationError, match="take out models, or put them in another gateway"):
        gateway(most + 1)


def anchors(page: Path) -> set[str]:
    """The anchors that a Markdown renderer gives to headings."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {"#" + re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
