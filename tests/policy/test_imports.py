"""Imports point one way: the steps of docs/structure.md in their order, then app.py."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import ml_gateway
from tests.synthesis import TOP

PACKAGE = TOP / "ml_gateway"

# What the modules of each part may import of this package, themselves aside: parts that stand above only.
MAY_IMPORT = {
    "naming": set[str](),
    "credentials": set[str](),
    "headers": set[str](),
    "errors": set[str](),
    "wording": {"credentials"},
    "conflicts": {"wording"},
    "functions": set[str](),
    "policy": {"credentials", "functions"},
    "serving": {"wording"},
    "config": {"naming", "conflicts", "credentials", "errors", "serving", "wording"},
    "design": {"config", "credentials", "errors", "functions", "naming", "serving"},
    "rules": {"config", "conflicts", "credentials", "design", "naming", "serving", "wording"},
    "backends": {"naming", "config", "credentials", "errors", "headers", "serving"},
    "constructs": {
        "backends",
        "config",
        "credentials",
        "design",
        "errors",
        "functions",
        "headers",
        "naming",
        "policy",
        "serving",
        "wording",
    },
    "reading": {"config", "conflicts", "design", "rules", "wording"},
    "stacks": {"backends", "config", "constructs", "design", "functions", "naming", "serving"},
    "application": {"config", "conflicts", "constructs", "design", "functions", "naming", "policy", "rules", "stacks"},
    "__init__": set[str](),  # loads what __init__.pyi names, when it is asked for
    "review": {"credentials", "functions", "naming", "serving"},
    "local": {"application", "config", "constructs", "credentials", "design", "naming", "reading", "serving", "stacks"},
    "cli": {
        "__init__",  # its version
        "application",
        "config",
        "conflicts",
        "credentials",
        "design",
        "errors",
        "local",
        "naming",
        "policy",
        "reading",
        "review",
        "rules",
        "serving",
        "wording",
    },
}
WITHOUT_CDK = set(MAY_IMPORT) - {"policy", "backends", "constructs", "stacks", "application", "local", "cli"}

MODULES = sorted(PACKAGE.rglob("*.py"))


def part_of(module: Path) -> str:
    return module.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(source: str) -> set[str]:
    """The full names of all modules that a source imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            if node.module == PACKAGE.name:
                names |= {f"{node.module}.{alias.name}" for alias in node.names}
            else:
                names.add(node.module or "")
    return names


def forbidden(part: str, source: str) -> set[str]:
    names = imported(source)
    ours = {name.split(".")[1] if "." in name else "__init__" for name in names if name.split(".")[0] == "ml_gateway"}
    cdk = {name for name in names if name.split(".")[0] in ("aws_cdk", "constructs", "jsii", "cdk_nag")}
    return (ours - MAY_IMPORT[part] - {part}) | (cdk if part in WITHOUT_CDK else set())


def test_every_part_of_the_package_is_listed() -> None:
    assert {part_of(module) for module in MODULES} == set(MAY_IMPORT)


def test_no_part_may_import_one_that_comes_after_it() -> None:
    parts = list(MAY_IMPORT)
    assert [part for number, part in enumerate(parts) if not MAY_IMPORT[part] <= set(parts[:number])] == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(PACKAGE)))
def test_module_imports_only_what_lies_before_it(module: Path) -> None:
    assert forbidden(part_of(module), module.read_text()) == set()


@pytest.mark.parametrize("module", sorted((PACKAGE / "stacks").glob("*_stack.py")), ids=lambda module: module.name)
def test_stacks_never_import_each_other(module: Path) -> None:
    stacks = {"ml_gateway.stacks", *(f"ml_gateway.stacks.{other.stem}" for other in module.parent.glob("*_stack.py"))}
    assert not set(imported(module.read_text())) & stacks


@pytest.mark.parametrize(
    ("part", "source", "named"),
    [
        ("config", "import aws_cdk", "aws_cdk"),
        ("serving", "from constructs import Construct", "constructs"),
        ("constructs", "from ml_gateway.stacks import ApiStack", "stacks"),
        ("backends", "def late():\n    from ml_gateway.constructs import ProxyApi", "constructs"),
        ("config", "import ml_gateway", "__init__"),
        ("naming", "from ml_gateway import errors", "errors"),
        ("serving", "from ml_gateway import GatewayConfig", "GatewayConfig"),
    ],
)
def test_import_in_the_wrong_direction_is_refused(part: str, source: str, named: str) -> None:
    assert forbidden(part, source) == {named}


def test_every_public_name_can_be_loaded() -> None:
    assert {"GatewayConfig", "ProxyApi", "define_gateway"} <= set(dir(ml_gateway))
    assert [name for name in dir(ml_gateway) if getattr(ml_gateway, name, None) is None] == []


@pytest.fixture(scope="module")
def loaded() -> list[str]:
    """What the app loads of CDK, and in the end how many objects of CDK there then are."""
    program = (
        "import sys, ml_gateway.application, ml_gateway.policy, ml_gateway.reading\n"
        "print(*(name for name in sys.modules if name.startswith('aws_cdk.aws_')))\n"
        "import app, jsii; print(jsii.kernel.stats().object_count)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=TOP, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_the_app_loads_only_those_services_of_cdk_that_every_gateway_has(loaded: list[str]) -> None:
    assert "aws_cdk.aws_apigateway" in loaded
    assert not {"aws_cdk.aws_lambda", "aws_cdk.aws_apigatewayv2", "aws_cdk.aws_cloudwatch"} & set(loaded)


def test_the_app_defines_nothing_before_it_runs(loaded: list[str]) -> None:
    assert loaded[-1] == "0"


def test_the_process_that_hands_out_the_tests_loads_no_cdk() -> None:
    """Those that run them start after it."""
    program = "import sys, tests.conftest; sys.exit('aws_cdk' in sys.modules or 'jsii' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=TOP, check=False).returncode == 0
