"""The documentation names tests, files and settings that exist."""

import re
from pathlib import Path

import pytest

from ml_gateway import ClientConfig, GatewayConfig, ModelConfig
from ml_gateway.config import OriginLockConfig, ServiceQuotasConfig
from ml_gateway.conflicts import ConfigError
from ml_gateway.policy.size_rules import SIZE_RULES
from ml_gateway.rules import checked
from ml_gateway.serving import ProtocolName
from tests.policy.reading import broken_rules
from tests.rules.test_quotas import LIMITS
from tests.synthesis import TOP, gateway_config, synthesize

PAGES = [
    TOP / "README.md",
    TOP / "CONTRIBUTING.md",
    TOP / "bench" / "RESULTS.md",
    TOP / "conformance" / "README.md",
    TOP / "examples" / "README.md",
    *sorted((TOP / "docs").rglob("*.md")),
]
SCRIPTS = sorted((TOP / "examples").glob("*/*.py"))
GUIDES = [page for page in PAGES if page.parent.name not in ("adr", "bench")]
"""The pages that tell what to type."""
COMMANDS = re.compile(
    r"(?:`|^ {4})((?:make|cdk|npx|python\d?|pytest|PYTHONPATH=\S*|node_modules/\S*) [^`\n]*)", re.MULTILINE
)
MAKEFILE = (TOP / "Makefile").read_text()
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
    table = page.partition("| promise | what witnesses it | what no emulator shows either |")[2].partition("\n\n")[0]
    promises = [line for line in table.splitlines() if line.startswith("| ") and line.count("|") == 5]
    assert len(promises) > 10
    assert [row for row in promises if not any(test for _, test in TESTS.findall(row))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TOP)))
def test_named_tests_exist(page: Path) -> None:
    missing = []
    for file, name in named_tests(page):
        path = TOP / "tests" / file
        if not path.is_file() or (name and f"def {name}(" not in path.read_text()):
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


@pytest.mark.parametrize("page", [*GUIDES, *SCRIPTS], ids=lambda page: str(page.relative_to(TOP)))
def test_each_command_can_be_run_on_a_fresh_machine(page: Path) -> None:
    """By make, which sets up what it needs, or by what that has put into this folder."""
    commands = COMMANDS.findall(page.read_text())
    made = [command.partition(" #")[0].split()[1:] for command in commands if command.startswith("make ")]
    variables = {word.partition("=")[0] for words in made for word in words if "=" in word}
    targets = {word for words in made for word in words if "=" not in word}
    assert {name for name in variables if f"$({name})" not in MAKEFILE} == set()
    assert {name for name in targets if not re.search(rf"^{name}:", MAKEFILE, re.MULTILINE)} == set()
    # What else is typed, and what runs it: test_commands_of_docs.py.
    assert [each for each in commands if re.match(r"pytest|PYTHONPATH|node_modules", each)] == []


def test_every_page_is_reached_from_the_index() -> None:
    index = (TOP / "docs" / "index.md").read_text()
    assert [page.name for page in (TOP / "docs").glob("*.md") if f"]({page.name})" not in index] == ["index.md"]


def test_how_to_rotate_is_told_in_one_place() -> None:
    """Elsewhere it is named, and linked."""
    telling = [
        page.name for page in GUIDES if re.search(r"raise `origin_lock.generation`", page.read_text(), re.IGNORECASE)
    ]
    assert sorted(telling) == ["cookbook.md", "rotation.md"]
    for page in GUIDES:
        for line in page.read_text().splitlines():
            if "origin_lock.generation" in line and page.name == "cookbook.md":
                assert "](rotation.md)" in line


def test_every_example_is_listed() -> None:
    listed = set(re.findall(r"\]\(([^)]+)\)", (TOP / "examples" / "README.md").read_text()))
    files = {path.name for path in (TOP / "examples").glob("*.yaml")}
    apps = {f"{path.parent.name}/app.py" for path in (TOP / "examples").glob("*/app.py")}
    assert listed == files | apps | {"../gateway.yaml"}


def page_of_limits() -> str:
    return " ".join((TOP / "docs" / "limits.md").read_text().split())


def gateway_of(count: int, protocol: ProtocolName, *, api_resources: int = 300) -> GatewayConfig:
    model = ModelConfig(url="https://model.example.com/base", protocol=protocol)
    quotas = ServiceQuotasConfig(api_resources=api_resources)
    return gateway_config(models={f"m{number}": model for number in range(count)}, service_quotas=quotas)


def beyond_cloudformation(config: GatewayConfig) -> dict[str, int]:
    """Which quotas the stacks of a gateway are beyond, and with how many."""
    found = [broken_rules(template, SIZE_RULES) for template in synthesize(config).values()]
    texts = {rule: text for each in found for rule, (text,) in each.items()}
    return {rule: int(re.findall(r"this one has (\d+)", text)[0]) for rule, text in texts.items()}


LARGEST: list[tuple[ProtocolName, int, str]] = [
    ("raw", 299, "A raw model is one resource of the API: 299 fit"),
    ("openai", 21, "An `openai` model is 14: 21 fit"),
    ("oip-v2", 17, "An `oip-v2` model is 17: 17 fit"),
]
"""A protocol, how many models of it every account takes, and where the page says so."""


@pytest.mark.parametrize(("protocol", "most", "said"), LARGEST)
def test_as_many_models_fit_by_the_file_as_the_page_of_limits_says(
    protocol: ProtocolName, most: int, said: str
) -> None:
    assert said in page_of_limits()
    assert checked(gateway_of(most, protocol))
    with pytest.raises(ConfigError, match=r"write service_quotas: \{api_resources: 3\d\d\} once AWS raised it"):
        checked(gateway_of(most + 1, protocol))


@pytest.mark.parametrize(("protocol", "most", "said"), LARGEST)
def test_as_many_models_fit_into_the_stacks_as_fit_by_the_file(protocol: ProtocolName, most: int, said: str) -> None:
    assert said in page_of_limits()
    assert beyond_cloudformation(gateway_of(most, protocol)) == {}


@pytest.mark.parametrize(("protocol", "count", "resources"), [("raw", 1000, 1001), ("openai", 100, 1401)])
def test_with_a_raised_quota_as_many_models_fit_as_the_page_of_limits_says(
    protocol: ProtocolName, count: int, resources: int
) -> None:
    assert "1,000 raw models (1,001 resources) or 100 `openai` models (1,401) fit" in page_of_limits()
    assert checked(gateway_of(count, protocol, api_resources=resources))
    with pytest.raises(ConfigError, match=f"write service_quotas: {{api_resources: {resources}}} once"):
        checked(gateway_of(count, protocol, api_resources=resources - 1))
    assert beyond_cloudformation(gateway_of(count, protocol, api_resources=resources)) == {}


def test_as_many_keys_fit_as_the_page_of_limits_says() -> None:
    client = ClientConfig(plan="default", keys=tuple(f"k{number}" for number in range(59)))
    assert "Clients have 59 keys at most" in page_of_limits()
    assert "(two after a rotation, so keep to 58)" in page_of_limits()
    assert beyond_cloudformation(gateway_config(clients={"c": client})) == {}
    rotated = gateway_config(clients={"c": client}, origin_lock=OriginLockConfig(generation=2))
    assert beyond_cloudformation(rotated) == {"MlGateway::TemplateHasAtMost60References": 61}


def test_what_the_page_of_limits_counts_has_a_file_beyond_it() -> None:
    page = page_of_limits()
    ((counted,),) = [re.findall(r"counts what the file adds up to \(([a-z, ]+)\)", page)]
    assert [each for each in counted.split(", ") if not any(each in limit for limit in LIMITS)] == []


def test_the_price_of_a_million_requests_is_the_sum_of_its_parts() -> None:
    page = (TOP / "docs" / "limits.md").read_text()
    prices = dict(re.findall(r"^\| ([^|]+) \|.*\$(\d\.\d\d)\b[^|]*\|(?: [^|$]*\|)?$", page, re.MULTILINE))
    always = (
        "API Gateway", "CloudFront, HTTPS", "CloudFront function", "data transfer out", "access log of the API"
    )  # fmt: skip
    cents = {part: round(100 * float(price)) for part, price in prices.items()}
    total = sum(cents[part] for part in always)
    firewall = cents["each web ACL"]
    assert f"${total / 100:.2f} without a firewall, ${(total + firewall) / 100:.2f} with it" in page
    assert f"clients add ${firewall / 100:.2f}" in page


def anchors(page: Path) -> set[str]:
    """The anchors that a Markdown renderer gives to headings."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {"#" + re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
