"""The web ACLs of examples, each of which is synthesized once a session, and those of firewalls by themselves."""

from collections.abc import Callable
from importlib import import_module
from inspect import getmembers, isclass
from typing import Final

import pytest
from aws_cdk import Environment, Stack

from ml_gateway import load_config
from tests.released.examples import APPS, FILES, name_of
from tests.synthesis import Json, Templates, new_app, synthesize, template_of

OF_OTHER_TESTS: Final = {
    "gateway": "templates",
    "two_models": "other_templates",
    "every_backend": "every_templates",
    "two_regions": "two_regions_templates",
    "multi_tenant": "multi_tenant_templates",
    "identities": "identities_templates",
    "rollouts": "rollouts_templates",
    "complete": "complete_templates",
}
"""Examples of which tests/conftest.py has a fixture."""

TemplatesOf = Callable[[str], Templates]


@pytest.fixture(scope="session")
def templates_of(request: pytest.FixtureRequest) -> TemplatesOf:
    """The templates of an example, by its name and then by the role of each stack."""
    found: dict[str, Templates] = {}

    def templates_of(example: str) -> Templates:
        if example not in found:
            fixture = OF_OTHER_TESTS.get(example)
            found[example] = request.getfixturevalue(fixture) if fixture else _synthesized(example)
        return found[example]

    return templates_of


def _synthesized(example: str) -> Templates:
    (path,) = (path for path in (*FILES, *APPS) if name_of(path) == example)
    if path in FILES:
        return synthesize(load_config(path))
    return {"app": _template_of_app(example)}


def _template_of_app(example: str) -> Json:
    """Of its only stack."""
    module = import_module(f"examples.{example}.app")
    ((_, stack),) = getmembers(module, lambda member: isclass(member) and member.__module__ == module.__name__
                               and issubclass(member, Stack))  # fmt: skip
    return template_of(stack(new_app(), "example", env=Environment(region="us-east-1")))
