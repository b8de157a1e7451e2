"""Literal names stand in one place, and each is what is deployed."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_gateway import naming
from tests.synthesis import TOP, Templates, resources

# Rules spell out what they expect: one that asked naming.py would agree with whatever stands there.
SPELLS_OUT = TOP / "ml_gateway" / "policy"
SOURCES = [
    path
    for folder in ("ml_gateway", "demo", "conformance")
    for path in sorted((TOP / folder).rglob("*.py"))
    if path != TOP / "ml_gateway" / "naming.py" and SPELLS_OUT not in path.parents
]
PIECES = re.compile(
    r"/origin/|/clients/|-origin-lock|aws-waf-logs-|/vendedlogs/|MlGateway|^-(keys|api|edge|account)$|^-drain-$|^-fails$|"
    r"^InvokeUrl$|"
    r"^DistributionDomainName$|^BaseUrl$|^DashboardUrl$|^(Key|Usage|DisableKey|Drain|BringBack|Overrides?|Release)Command$|^PublishOutputRef|"
    r"^(Access|OriginLock|Firewall|Edge)LogGroup$"
)
"""What names are made of, as a text or the part of one between two braces."""


def texts(source: str) -> Iterator[str]:
    """All literal texts of a source but those that stand alone: docstrings."""
    tree = ast.parse(source)
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


def named(source: str) -> list[str]:
    return [text for text in texts(source) if PIECES.search(text)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(TOP)))
def test_no_other_module_builds_a_name(path: Path) -> None:
    assert named(path.read_text()) == []


def test_there_are_modules_that_could() -> None:
    assert len(SOURCES) > 100


@pytest.mark.parametrize(
    "source",
    [
        'f"{name}-api"',
        'f"{name}/origin/{number}"',
        'CfnOutput(self, "InvokeUrl")',
        'CfnOutput(self, "KeyCommand")',
        'x = "MlGateway/acme"',
    ],
)
def test_a_module_that_builds_a_name_is_found(source: str) -> None:
    assert len(named(source)) == 1


SECRET = "AWS::SecretsManager::Secret"
WITHOUT_A_PIECE = {
    "origin_secret",  # of origin_secrets
    "origin_generation",  # reads a name
    "client_key",  # reads a name
    "saved_query",  # whose slash stands in many texts
    "construct_id",  # whose hyphen does, too
}
BUILDERS = {
    name: function
    for name, function in inspect.getmembers(naming, inspect.isfunction)
    if not name.startswith("_") and name not in WITHOUT_A_PIECE
}


def test_what_has_no_piece_of_its_own_is_there() -> None:
    assert all(inspect.isfunction(getattr(naming, name)) for name in WITHOUT_A_PIECE)
    assert len(BUILDERS) > 10


@pytest.mark.parametrize("builder", BUILDERS.values(), ids=BUILDERS)
def test_a_module_that_builds_a_name_as_naming_does_is_found(builder: Callable[..., str]) -> None:
    assert named(inspect.getsource(builder)) != []


def test_stacks_are_named_by_what_they_hold() -> None:
    stacks = (naming.keys_stack, naming.api_stack, naming.edge_stack, naming.account_stack)
    assert [name("acme") for name in stacks] == ["acme-keys", "acme-api", "acme-edge", "acme-account"]
    assert naming.drain_stack("acme", "eu-west-1") == "acme-drain-eu-west-1"
    assert naming.construct_id("acme-api", "eu-west-1") == "acme-api-eu-west-1"


@given(st.from_regex(r"[a-z][a-z0-9-]{1,40}", fullmatch=True), st.integers(min_value=1))
def test_the_generation_is_read_from_the_name_of_its_secret(gateway: str, generation: int) -> None:
    assert naming.origin_generation(naming.origin_secret(gateway, generation)) == (gateway, generation)


@pytest.mark.parametrize("name", ["acme-ml/clients/a/b", "acme-ml/origin/", "origin/1", ""])
def test_another_secret_has_no_generation(name: str) -> None:
    assert naming.origin_generation(name) is None


def test_names_are_those_of_the_deployed_gateway(complete_templates: Templates) -> None:
    api, edge = complete_templates["api"], complete_templates["edge"]
    logs = {log.get("LogGroupName") for each in (api, edge) for log in resources(each, "AWS::Logs::LogGroup").values()}
    assert {
        naming.firewall_log_group(naming.origin_lock_web_acl("complete-ml")),
        naming.firewall_log_group(naming.edge_web_acl("complete-ml")),
        naming.edge_log_group("complete-ml"),
    } <= logs
    assert {naming.INVOKE_URL, naming.USAGE_COMMAND, naming.DISABLE_KEY_COMMAND} <= api["Outputs"].keys()
    assert complete_templates["keys"]["Outputs"].keys() == {naming.KEY_COMMAND}
    assert {naming.DISTRIBUTION_DOMAIN_NAME, naming.BASE_URL} <= edge["Outputs"].keys()
    secrets = {secret["Name"] for secret in resources(complete_templates["keys"], SECRET).values()}
    assert any(naming.origin_generation(name) for name in secrets)
    assert any(name.startswith("complete-ml/clients/") for name in secrets)
