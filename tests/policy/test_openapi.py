"""The documents are OpenAPI, for any tool that reads it. Beside our own rules this is a second opinion."""

import copy
import json
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

from ml_gateway import load_config
from tests.documents import document_of, operations_of
from tests.policy.reading import template_of_each_backend
from tests.synthesis import TOP, Json, Templates, synthesize

GATEWAYS = ["templates", "other_templates", "every_templates", "multi_tenant_templates", "complete_templates"]


def problems(document: Json) -> list[str]:
    """What the validator finds. It knows no greedy variables, which are API Gateway's own."""
    readable: Any = json.loads(json.dumps(document).replace("+}", "}"))
    return [error.message for error in OpenAPIV30SpecValidator(readable).iter_errors()]


@pytest.mark.parametrize("gateway", GATEWAYS)
def test_document_of_a_gateway_is_openapi(gateway: str, request: pytest.FixtureRequest) -> None:
    templates: Templates = request.getfixturevalue(gateway)
    assert operations_of(templates["api"])
    assert problems(document_of(templates["api"])) == []


def test_document_with_each_backend_is_openapi() -> None:
    assert problems(document_of(template_of_each_backend())) == []


def test_document_with_a_greedy_variable_is_openapi() -> None:
    config = load_config(TOP / "examples" / "smallest.yaml")
    name, model = next(iter(config.models.items()))
    greedy = model.model_copy(update={"path": "/files/{file+}", "url": "https://files.example.com/{file}"})
    api = synthesize(config.model_copy(update={"models": {name: greedy}}))["api"]
    assert list(operations_of(api)) == ["POST /files/{file+}"]
    assert problems(document_of(api)) == []


def test_what_is_no_openapi_is_found(api: Json) -> None:
    broken = copy.deepcopy(document_of(api))
    del broken["paths"]["/predict"]["post"]["responses"]
    assert problems(broken) == ["'responses' is a required property"]
