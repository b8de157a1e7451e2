"""Reviews of what the edge does: what callers of it lose with other settings."""

from typing import Any

import pytest

from ml_gateway import DomainConfig, EdgeConfig
from ml_gateway.config import ClientConfig, CorsConfig
from tests.review.apis import lost
from tests.review.conftest import Assemble, ReviewResources, RunReview

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
CLIENTS = {"app": ClientConfig(plan="default")}
PAGE, OTHER = "https://app.acme.com", "https://new.acme.com"
BEARER = "keys that come as bearer: refused once the edge is deployed (`edge.accept_keys`)"
HEALTH = "GET /health is no longer answered by the edge (`edge.health`)"
ONE, TWO = CorsConfig(origins=(PAGE,)), CorsConfig(origins=(PAGE, OTHER))


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        (
            {},
            {"accept_keys": ("x-api-key",)},
            "keys that come as bearer: refused once the edge is deployed (`edge.accept_keys`)",
        ),
        ({"health": "/health"}, {}, "GET /health is no longer answered by the edge (`edge.health`)"),
        ({"health": "/health"}, {"health": "/alive"}, "GET /health is no longer answered by the edge (`edge.health`)"),
        ({"cors": TWO}, {"cors": ONE}, f"pages of {OTHER} may no longer call (`edge.cors`)"),
        ({"cors": CorsConfig(origins=("*",))}, {"cors": ONE}, "pages of any origin may no longer call (`edge.cors`)"),
        ({"cors": ONE}, {}, f"pages of {PAGE} may no longer call (`edge.cors`)"),
    ],
)
def test_what_callers_of_the_edge_lose_needs_the_label(
    before: dict[str, Any], after: dict[str, Any], line: str, assemble: Assemble, run_review: RunReview
) -> None:
    old, new = (assemble(clients=CLIENTS, edge=EdgeConfig(**edge)) for edge in (before, after))
    review = run_review(old, new)
    assert (review.status, lost(review.comment)) == (1, [line])
    assert run_review(new, new).status == 0


def named(name: str) -> EdgeConfig:
    return EdgeConfig(domain=DomainConfig(name=name, certificate=CERTIFICATE))


@pytest.mark.parametrize("after", [named("new.acme.com"), EdgeConfig()], ids=["renamed", "removed"])
def test_a_name_that_goes_needs_the_label(after: EdgeConfig, assemble: Assemble, run_review: RunReview) -> None:
    review = run_review(assemble(edge=named("ml.acme.com")), assemble(edge=after))
    assert review.status == 1
    line = "https://ml.acme.com answers no more once the edge is deployed (`edge.domain`)"
    assert line in lost(review.comment)
    assert run_review(assemble(), assemble(edge=named("ml.acme.com"))).status == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"accept_keys": ("x-api-key",)}, {}),
        ({}, {"health": "/health", "cors": ONE}),
        ({"cors": ONE}, {"cors": TWO}),
        ({"cors": ONE}, {"cors": CorsConfig(origins=("*",))}),
        ({"health": "/health"}, {"health": "/health", "cors": ONE}),
    ],
)
def test_what_the_edge_does_in_addition_takes_nothing(
    before: dict[str, Any], after: dict[str, Any], assemble: Assemble, run_review: RunReview
) -> None:
    old, new = (assemble(clients=CLIENTS, edge=EdgeConfig(**edge)) for edge in (before, after))
    assert run_review(old, new).status == 0


@pytest.mark.parametrize(
    "code",
    [
        "function handler() {}",
        "const SETTINGS=;\n",
        "const SETTINGS=[];\n",
        'const SETTINGS={"health":1,"cors":1,"keyForms":[1]};\n',
        7,
    ],
)
def test_a_function_of_somebody_else_is_compared_as_text(code: Any, review_resources: ReviewResources) -> None:
    own = 'const SETTINGS={"health":null,"keyForms":[],"cors":null};\n'
    old, new = (
        {"Edge": {"Type": "AWS::CloudFront::Function", "Properties": {"FunctionCode": each}}} for each in (code, own)
    )
    assert review_resources(old, new).status == 0
