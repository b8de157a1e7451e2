"""Every command that the pages show is run by a test, or its page says that it needs an account."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from ml_gateway.cli.commands import command
from tests.synthesis import TOP
from tests.test_docs import GUIDES, TESTS

BLOCKS = re.compile(r"```sh\n(.*?)```|((?:^ {4,7}\S.*\n(?: *\n)?)+)", re.DOTALL | re.MULTILINE)
PROGRAMS = ("aws", "cd", "cp", "curl", "make", "ml-gateway", "npm", "npx", "pip", "python")

ON_AN_ACCOUNT = re.compile(
    r"aws |curl https://<domain>|(npx cdk|make) (bootstrap|diff|deploy|destroy)\b|make live(?! LOCAL)"
    r"|.*\$\(aws |.*\|\| aws "
)
SAID = re.compile(r"\bneeds? an (AWS )?account\b")

RUN_BY = {
    r"pip install '\.\[cli,local\]'": "`e2e/test_tutorial.py::test_the_page_leads_to_a_prediction`",
    r"pip install -r requirements.txt": "`cli/test_installed.py::test_from_an_empty_folder_to_templates_and_a_mistake`",
    r"npm install": "`e2e/test_tutorial.py::test_the_page_leads_to_a_prediction`",
    r"npx cdk synth": "`cli/test_installed.py::test_from_an_empty_folder_to_templates_and_a_mistake`",
    r"python server\.py": "`e2e/test_tutorial.py::test_the_page_leads_to_a_prediction`",
    r"curl -sS http://127\.0\.0\.1:8080/.*": "`e2e/test_tutorial.py::test_the_page_leads_to_a_prediction`",
    r"cd my-gateway": "`e2e/test_tutorial.py::test_the_page_leads_to_a_prediction`",
    r"cp gateway\.yaml second\.yaml": "`e2e/test_interruptions.py`",
    r"ml-gateway (--help|--version)": "`cli/test_command.py::test_help_has_a_line_for_each_command`",
    r"ml-gateway init\b.*": "`cli/test_installed.py::test_from_an_empty_folder_to_templates_and_a_mistake`",
    r"ml-gateway check\b.*": "`cli/test_check.py`",
    r"ml-gateway explain\b.*": "`cli/test_docs.py::test_the_page_shows_what_is_printed`",
    r"ml-gateway diff\b.*": "`cli/test_diff.py::test_the_file_here_against_a_commit`",
    r"ml-gateway openapi\b.*": "`cli/test_openapi.py`",
    r"ml-gateway local\b.*": "`e2e/test_local_command.py`",
    r"make demo\b.*": "`demo/test_demo.py::test_interrupted_demo_leaves_nothing_behind`",
    r"make live LOCAL=1": "`e2e/test_live.py::test_all_is_asked_or_says_why_not_and_nothing_is_left`",
    r"make help": "`test_readme.py::test_help_has_a_line_for_each_target`",
    r"make review\b.*": "`review/test_scripts.py`",
    r"make synth\b.*": "`test_app.py`",
    r"make (test|check)": "",  # what runs these tests
    r"make (bench|conformance)\b.*": "`test_same_checks.py`",
}
"""What is typed -> the test that runs it, or what it stands for."""


def typed(page: Path) -> Iterator[str]:
    """The lines of a page that somebody types into a shell, each command of a line by itself."""
    for fenced, indented in BLOCKS.findall(page.read_text()):
        for line in (fenced or indented).splitlines():
            for each in line.partition(" #")[0].strip().split(" && "):
                if each.split(" ")[0] in PROGRAMS or "$(aws " in each:
                    yield each


def inline(page: Path) -> set[str]:
    return set(re.findall(r"`(ml-gateway [^`]*)`", page.read_text()))


SHOWN = sorted({(page, line) for page in GUIDES for line in typed(page)})


def test_there_is_something_to_look_at() -> None:
    programs = {line.split(" ")[0] for _, line in SHOWN}
    assert programs >= {"aws", "curl", "make", "ml-gateway", "npm", "npx", "pip"}
    assert len(SHOWN) > 30


@pytest.mark.parametrize(("page", "line"), SHOWN, ids=lambda value: value.name if isinstance(value, Path) else value)
def test_a_command_is_run_by_a_test_or_needs_an_account(page: Path, line: str) -> None:
    if ON_AN_ACCOUNT.match(line):
        assert SAID.search(" ".join(page.read_text().split())), f"{page.name} does not say that this needs an account"
        return
    tests = [test for pattern, test in RUN_BY.items() if re.fullmatch(pattern, line)]
    assert tests, f"nothing runs {line}"
    for file, name in TESTS.findall(" ".join(tests)):
        assert (TOP / "tests" / file).is_file()
        assert not name or f"def {name}(" in (TOP / "tests" / file).read_text()


@pytest.mark.parametrize(
    "line",
    sorted({line for page in GUIDES for line in (*inline(page), *typed(page)) if line.startswith("ml-gateway ")}),
)
def test_the_command_takes_what_the_pages_say(line: str) -> None:
    """Of what is spoken of in the text, too: each option there is one."""
    words = [word for word in shlex.split(line.partition(" > ")[0])[1:] if not re.fullmatch(r"\[.*\]", word)]
    if len(words) > 1 and not words[0].startswith("-"):
        command.parse_args(words, print_error=False, exit_on_error=False)
    else:
        assert words[0] in command or words[0].startswith("--")
