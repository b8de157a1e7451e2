"""What the API writes of each request: enough to tell what happened, and nothing that opens it."""

import json
import re

import pytest

from ml_gateway import ProxyApi
from ml_gateway.constructs.access_log import ACCESS_LOG_FIELDS
from tests.constructs.multi_tenant import ROUTES
from tests.synthesis import Json, bare_stack, only, template_of


def access_log_setting() -> Json:
    stack = bare_stack(region="eu-west-1")
    ProxyApi(stack, "Api", routes=ROUTES, name="fraud", description="Scores payments")
    setting: Json = only(template_of(stack), "AWS::ApiGateway::Stage")["AccessLogSetting"]
    return setting


def line_without_values(format_: str) -> Json:
    """The line of a request of which nothing is known: API Gateway writes `-` for each variable."""
    line: Json = json.loads(re.sub(r"\$context\.[A-Za-z.]+", "-", format_))
    return line


def revealing(variables: dict[str, str]) -> set[str]:
    """The variables that hold a credential, or text that callers word freely."""
    unsafe = (
        "$context.identity.apiKey",
        "$context.identity.userAgent",
        "$context.authorizer",
        "$context.error.message",
    )
    return {
        variable
        for variable in variables.values()
        if variable != "$context.identity.apiKeyId" and variable.startswith(unsafe)
    }


def test_a_line_is_json_even_without_any_value() -> None:
    assert line_without_values(access_log_setting()["Format"]) == dict.fromkeys(ACCESS_LOG_FIELDS, "-")


def test_a_number_without_quotes_would_spoil_lines() -> None:
    broken = access_log_setting()["Format"].replace('"$context.status"', "$context.status")
    with pytest.raises(json.JSONDecodeError):
        line_without_values(broken)


def test_keys_are_logged_by_their_id() -> None:
    assert ACCESS_LOG_FIELDS["apiKeyId"] == "$context.identity.apiKeyId"
    assert revealing(ACCESS_LOG_FIELDS) == set()


@pytest.mark.parametrize("variable", ["$context.identity.apiKey", "$context.identity.userAgent"])
def test_a_log_of_keys_or_of_free_text_is_refused(variable: str) -> None:
    assert revealing({**ACCESS_LOG_FIELDS, "more": variable}) == {variable}


def test_streams_failures_and_ids_can_be_followed() -> None:
    assert {
        "$context.requestId",
        "$context.extendedRequestId",
        "$context.error.responseType",
        "$context.wafResponseCode",
        "$context.integration.responseTransferMode",
        "$context.integration.timeToAllHeaders",
        "$context.integration.timeToFirstContent",
    } <= set(ACCESS_LOG_FIELDS.values())
