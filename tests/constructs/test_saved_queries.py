"""The saved queries: what they are about stands in the log, and the id of a key becomes a name."""

import re
from typing import Any

import pytest

from ml_gateway.config.types.names import ENTRY_NAME
from ml_gateway.constructs import SavedQueries
from ml_gateway.constructs.access_log import ACCESS_LOG_FIELDS
from tests.constructs.multi_tenant import define_api, define_clients
from tests.synthesis import Json, bare_stack, resources, template_of

QUERY = "AWS::Logs::QueryDefinition"
LONGEST_QUERY = 10_000
"""Characters (CloudFormation User Guide, AWS::Logs::QueryDefinition, QueryString)."""

MOST_KEYS = 59
"""As docs/limits.md says."""

KEY_ID = "a1b2c3d4e5"
"""As long as the ids that API Gateway gives."""

COMMANDS = {"fields", "filter", "stats", "sort", "limit", "display"}
WORDS = {"as", "by", "or", "and", "like", "desc", "replace", "count", "pct"}
"""Functions and operators of Logs Insights QL (CloudWatch Logs User Guide)."""


def queries(clients: dict[str, tuple[str, ...]] | None = None) -> dict[str, Json]:
    """The definitions by name."""
    stack = bare_stack()
    api = define_api(stack)
    keys = define_clients(stack, api, clients).api_keys if clients else None
    SavedQueries(stack, "Queries", gateway_name="fraud", access_log=api.access_log, api_keys=keys)
    return {query["Name"]: query for query in resources(template_of(stack), QUERY).values()}


def text_of(query: Json) -> str:
    """The query, with ids that are told apart in place of references to keys."""
    value = query["QueryString"]
    if isinstance(value, str):
        return value
    separator, parts = value["Fn::Join"]
    return str(separator.join(part if isinstance(part, str) else id_of(part["Ref"]) for part in parts))


def id_of(logical_id: str) -> str:
    return f"{hash(logical_id) % 10**10:010d}"


def commands(text: str) -> list[tuple[str, str]]:
    """Each command and what it is about."""
    split = (line.partition(" ") for line in text.split("\n| "))
    return [(command, rest) for command, _, rest in split]


def client_expression(text: str) -> str:
    (found,) = re.findall(r"(replace\(.*\)) as client", text)
    return str(found)


CLIENTS = {"mobile-app": ("default",), "partner-x": ("a", "b")}
NAMES = {"fraud/one request", "fraud/slowest", "fraud/refused"}


def test_queries_are_in_a_folder_of_the_gateway_and_ask_the_access_log() -> None:
    assert queries().keys() == NAMES
    found = queries(CLIENTS)
    assert found.keys() == NAMES | {"fraud/by client"}
    assert {str(query["LogGroupNames"]) for query in found.values()} == {str([{"Ref": "ApiAccessLog713001CC"}])}


@pytest.mark.parametrize("clients", [None, CLIENTS], ids=["open", "clients"])
def test_queries_name_commands_that_there_are_and_fields_that_the_log_has(clients: Any) -> None:
    for name, query in queries(clients).items():
        known = {*ACCESS_LOG_FIELDS, "@timestamp", "@message", *WORDS}
        for command, rest in commands(text_of(query)):
            assert command in COMMANDS, name
            made = set(re.findall(r" as (\w+)", rest))
            words = re.findall(r"@?[A-Za-z]\w*", re.sub(r'"[^"]*"|/[^/]*/', "", rest))
            assert words or command == "limit"
            assert set(words) <= known | made, name
            known |= made


def test_a_word_that_is_no_field_is_found() -> None:
    assert "userAgent" not in {*ACCESS_LOG_FIELDS, *WORDS}


def test_each_key_is_told_by_the_name_of_its_client() -> None:
    stack = bare_stack()
    api = define_api(stack)
    keys = define_clients(stack, api, CLIENTS).api_keys
    SavedQueries(stack, "Queries", gateway_name="fraud", access_log=api.access_log, api_keys=keys)
    template = template_of(stack)
    for query in resources(template, QUERY).values():
        expression = client_expression(text_of(query))

        def told(key_id: str, expression: str = expression) -> str:
            names = {"replace": str.replace, "apiKeyId": key_id}
            return str(eval(expression, {"__builtins__": {}}, names))

        ids = {key["Description"]: id_of(name) for name, key in resources(template, "AWS::ApiGateway::ApiKey").items()}
        assert len(ids) == 3
        assert {told(key_id): secret for secret, key_id in ids.items()} == {
            name: f"fraud/clients/{name}" for name in ("mobile-app/default", "partner-x/a", "partner-x/b")
        }
        assert told("-") == "-"


def test_without_clients_nothing_is_said_of_them() -> None:
    assert [query for query in queries().values() if "client" in text_of(query)] == []


def test_a_request_is_found_by_both_ids_that_its_answer_has() -> None:
    (condition,) = [rest for command, rest in commands(text_of(queries()["fraud/one request"])) if command == "filter"]
    assert condition == 'requestId = "<id>" or extendedRequestId = "<id>"'


def test_refused_is_what_the_gateway_itself_answered() -> None:
    (condition,) = [rest for command, rest in commands(text_of(queries()["fraud/refused"])) if command == "filter"]
    assert condition == 'errorResponseType != "-" and status like /^4/'


def test_slowest_are_first() -> None:
    assert ("sort", "responseLatency desc") in commands(text_of(queries()["fraud/slowest"]))


def test_as_many_keys_as_a_gateway_has_fit_into_a_query_however_long_their_names_are() -> None:
    longest = "a" * 60
    assert ENTRY_NAME.fits(f"{longest}-00")
    found = queries({f"{longest}-00": tuple(f"{longest}-{number:02}" for number in range(MOST_KEYS))})
    assert max(len(text_of(query)) for query in found.values()) < LONGEST_QUERY
