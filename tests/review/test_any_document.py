"""Whatever stands in the place of a document, a review reads it, never raises, and says nothing in Markdown."""

import json
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ml_gateway.review.assembly import Resource, StackId, Template
from ml_gateway.review.changes import compare
from ml_gateway.review.comment import LONGEST_COMMENT, render
from ml_gateway.review.guards import findings
from tests.review.apis import answered, api

STACK = StackId("acme-api", "us-east-1")
WORDS = st.sampled_from(
    [
        *("paths", "/a", "/{a}", "/{a+}", "/a/{b}", "", "post", "get", "x-amazon-apigateway-any-method", "security"),
        *("x-amazon-apigateway-integration", "x-amazon-apigateway-gateway-responses", "requestParameters"),
        *("integration.request.header.X", "components", "securitySchemes", "api_key", "responseTransferMode", "uri"),
        *("responseTemplates", "Ref", "Fn::Join", "Fn::GetAtt", "in", "path", "name", "message", "{}", "THROTTLED"),
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)
METHODS = st.dictionaries(st.sampled_from(["get", "post", "parameters"]), VALUES, max_size=3)
PATHS = st.dictionaries(WORDS | st.text(max_size=5), METHODS | VALUES, max_size=4)
BODIES = st.fixed_dictionaries(
    {"paths": PATHS},
    optional={"components": VALUES, "security": VALUES, "x-amazon-apigateway-gateway-responses": VALUES},
)
GOOD = api(answered("POST /a", "GET /a/{b}"), models={"a": "/a"})["Api"]


def template(body: Any, models: Any) -> Template:
    api_of = {
        "Type": "AWS::ApiGateway::RestApi",
        "Properties": {"Body": body},
        "Metadata": {"ml-gateway:models": models},
    }
    return Template.model_validate({"Resources": {"Api": json.loads(json.dumps(api_of))}})


def reviewed(old: Template, new: Template) -> tuple[bool, str]:
    before, after = {STACK: old}, {STACK: new}
    changes = compare(before, after)
    found = findings(changes, old=before, new=after)
    return bool(found), render(changes, found, labelled=False)


@given(old=BODIES | VALUES, new=BODIES | VALUES, models=VALUES | st.dictionaries(WORDS, WORDS))
def test_a_review_of_any_two_documents_is_a_comment(old: Any, new: Any, models: Any) -> None:
    needs_label, comment = reviewed(template(old, models), template(new, models))
    assert len(comment) <= LONGEST_COMMENT
    assert ("needs the label" in comment) is needs_label
    # Columns are our own: every other bar is text.
    tables = [line for line in comment.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in tables} <= {4, 5}


@given(body=BODIES | VALUES)
def test_no_document_takes_anything_in_silence(body: Any) -> None:
    """Unless the label is asked for, what the old one answered is answered still, by paths read in another way here."""
    good = Template(Resources={"Api": Resource.model_validate(GOOD)})
    needs_label, _ = reviewed(good, template(body, None))
    assert needs_label or (answers(body, "post", "/a") and answers(body, "get", "/a/value"))


def answers(body: Any, method: str, request: str) -> bool:
    items = [item for path, item in body["paths"].items() if re.fullmatch(pattern_of(path), request)]
    return any(method in item or "x-amazon-apigateway-any-method" in item for item in items)


def pattern_of(path: str) -> str:
    def part(text: str) -> str:
        return re.escape(text) if not text.startswith("{") else ".+" if text.endswith("+}") else "[^/]+"

    return "/?" + "/".join(part(text) for text in path.removeprefix("/").split("/"))
