"""What people write about issuers for other tools is told with the way out."""

from pathlib import Path
from typing import Any

import pytest

from tests.files import IDENTITIES, changed, report_on_data

OWN_FUNCTION = (
    "the gateway brings a function of its own along: write issuers: {corp: {url: https://login.acme.com/, audience: "
    "https://ml.acme.com, claim: azp}} at the top, and jwt: {corp: batch-prod} in a client; keys need clients alone"
)
OF_THE_ISSUER = "the issuer's own document, below its url, says where its keys are; leave the line out"
KEPT = "answers are kept for 5 minutes, and FlushAuthorizerCommand ends that at once; leave the line out"
URL = "write url: https://login.acme.com/, to the letter as tokens have it in iss"


@pytest.mark.parametrize(
    ("place", "way_out"),
    [
        *((f"issuers.corp.{key}", URL) for key in ("issuer", "iss", "authority", "discoveryUrl")),
        *((f"issuers.corp.{key}", OF_THE_ISSUER) for key in ("jwks_uri", "jwksUri", "public_key")),
        ("issuers.corp.allowedAudience", "write audience: https://ml.acme.com"),
        ("issuers.corp.client_id", "write claim: azp, and jwt: {corp: batch-prod} in a client for its value"),
        ("issuers.corp.scopes", "write require: {scope: models.read}, a claim and the whole text that it has to be"),
        ("issuers.corp.algorithms", "RS, PS, ES and EdDSA are taken, whichever the issuer's keys are for; leave the "
         "line out"),
        ("authorizer.ttl", KEPT),
        ("authorizer.authorizerResultTtlInSeconds", KEPT),
        ("authorizer.function_arn", OWN_FUNCTION),
        ("authorizer.concurrency", "write reserved_concurrency: 50"),
    ],
)  # fmt: skip
def test_a_key_of_another_tool_is_told_with_the_way_out(tmp_path: Path, place: str, way_out: str) -> None:
    lines = report_on_data(changed({place: "x"}, changed(IDENTITIES)), tmp_path)
    assert lines == [f"{place}: unknown key; {way_out}"]


LETTER = "write it to the letter, without *: printable ASCII, at most 256 characters; list each where there are several"


@pytest.mark.parametrize(
    ("place", "value", "line"),
    [
        ("clients.batch.jwt.corp", 12345, "clients.batch.jwt.corp[0]: 12345 is not text; put it in quotes"),
        ("clients.batch.jwt.corp", True, "clients.batch.jwt.corp[0]: true is not text; put it in quotes"),
        ("clients.batch.jwt.corp", "repo:acme/*",
         f"clients.batch.jwt.corp[0]: 'repo:acme/*' is not the value of a claim; {LETTER}"),
        ("clients.batch.jwt.corp", ["a", "*"], f"clients.batch.jwt.corp[1]: '*' is not the value of a claim; {LETTER}"),
        ("issuers.corp.audience", 12345, "issuers.corp.audience[0]: 12345 is not text; put it in quotes"),
        ("clients.mobile.models", ["*"], "clients.mobile.models[0]: '*' is not a model; leave models out for all"),
        ("clients.mobile.models", ["all"], "clients.mobile.models[0]: 'all' is not a model; leave models out for all"),
    ],
)  # fmt: skip
def test_a_value_as_other_tools_take_it_is_told_with_the_way_out(
    tmp_path: Path, place: str, value: Any, line: str
) -> None:
    assert report_on_data(changed({place: value}, changed(IDENTITIES)), tmp_path) == [line]


def test_values_that_look_like_patterns_are_taken_to_the_letter(tmp_path: Path) -> None:
    values = ["repo:acme/app:ref:refs/heads/main", "00000000-0000-4000-8000-000000000000", "a b", "system:x?y[z]"]
    assert report_on_data(changed({"clients.batch.jwt.corp": values}, changed(IDENTITIES)), tmp_path) == []
