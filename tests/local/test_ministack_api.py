"""What the launcher mends of MiniStack's API Gateway, and that MiniStack still lacks it.

A test that fails because MiniStack has learned something means: what ministack_api.py does for it can go.
"""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ministack.services import apigateway_v1 as v1
from ministack.services.cloudformation import provisioners

from ml_gateway.backends import HttpBackend, Operation
from ml_gateway.constructs.api_document import render_document
from ml_gateway.errors import Dialect
from ml_gateway.local import ministack_api
from ml_gateway.local.ministack_api import fixed_headers, with_integration, within_its_timeout
from ml_gateway.serving import Route

Json = dict[str, Any]
UNKNOWN = "MISSING_AUTHENTICATION_TOKEN"


def document(*paths: str, errors: Dialect | None = None) -> Json:
    routes = [Route(http_method="POST", path=path) for path in paths]
    backend = HttpBackend(url="https://model.example.com/invocations")
    operations: dict[Route, Operation] = {route: backend.operation_for(None, route) for route in routes}  # type: ignore[arg-type]  # it defines nothing
    return render_document(operations, name="acme", description="of ours", version="1", errors=errors)


def properties(body: Json, **others: Any) -> Json:
    return {"Name": "acme", "BinaryMediaTypes": ["*/*"], "Body": body, **others}


@pytest.fixture
def as_it_is() -> Iterator[Json]:
    """MiniStack's own handler."""
    yield provisioners._RESOURCE_HANDLERS["AWS::ApiGateway::RestApi"]
    v1.reset()


@pytest.fixture
def mended(as_it_is: Json, monkeypatch: pytest.MonkeyPatch) -> Json:
    handlers = {"AWS::ApiGateway::RestApi": as_it_is}
    for name in ministack_api.MENDED:
        monkeypatch.setattr(v1, name, getattr(v1, name))
    ministack_api.mend(handlers)
    return handlers["AWS::ApiGateway::RestApi"]


def created(handler: Json, body: Json) -> str:
    api_id, _ = handler["create"]("Api", properties(body), "acme-api")
    return str(api_id)


def operations(api_id: str) -> dict[str, Json]:
    """`METHOD /path` -> method."""
    return {
        f"{name} {resource['path']}": method
        for resource in v1._resources[api_id].values()
        for name, method in resource["resourceMethods"].items()
    }


def deployed(api_id: str) -> str:
    """The id of a new deployment, which is the stage's."""
    return str(json.loads(v1._create_deployment(api_id, {"stageName": "v1"})[2])["id"])


def response_type(api_id: str, path: str) -> str:
    """Why the API refuses a request without a key."""
    request: Json = {}
    refused = asyncio.run(v1._execute_in_scope(request, api_id, "v1", "POST", path, {}, b"", {}, "", ""))
    return str(refused.response_type)


def test_ministack_keeps_four_fields_of_an_operation(as_it_is: Json) -> None:
    method = operations(created(as_it_is, document("/a/{b}")))["POST /a/{b}"]
    assert method["requestParameters"] == {}
    assert method["methodResponses"] == {}
    assert method["methodIntegration"]["requestParameters"] == {}
    assert method["methodIntegration"]["timeoutInMillis"] == 29000
    mock = document("/a")
    mock["paths"]["/a"]["post"][ministack_api.INTEGRATION] |= {"responses": {"default": {"statusCode": "200"}}}
    assert operations(created(as_it_is, mock))["POST /a"]["methodIntegration"]["integrationResponses"] == {}


def test_ministack_ignores_gateway_responses_and_the_key_source_of_a_document(as_it_is: Json) -> None:
    body = document("/a", errors="openai") | {"x-amazon-apigateway-api-key-source": "AUTHORIZER"}
    api_id, _ = as_it_is["create"]("Api", properties(body, ApiKeySourceType="AUTHORIZER"), "acme-api")
    assert v1._gateway_responses[api_id] == {}
    assert v1._rest_apis[api_id]["apiKeySource"] == "HEADER"


def test_ministack_makes_another_api_of_an_update(as_it_is: Json) -> None:
    before, after = properties(document("/a")), properties(document("/b"))
    api_id, _ = as_it_is["create"]("Api", before, "acme-api")
    updated, _ = as_it_is["update"](api_id, before, after, "acme-api")
    assert updated != api_id


def test_ministack_serves_what_is_not_deployed(as_it_is: Json) -> None:
    api_id = created(as_it_is, document("/a"))
    deployed(api_id)
    (root,) = [each["id"] for each in v1._resources[api_id].values() if each["path"] == "/"]
    v1._import_path_item(api_id, "/later", document("/later")["paths"]["/later"], {}, [])
    assert root
    assert v1._match_resource_tree(api_id, ["later"])[0] is not None


def test_an_api_is_what_its_document_says(mended: Json) -> None:
    body = document("/files/{file+}", errors="openai")
    operation = body["paths"]["/files/{file+}"]["post"]
    api_id = created(mended, body)
    (method,) = operations(api_id).values()
    integration = method["methodIntegration"]
    assert method["apiKeyRequired"] is True
    assert method["requestParameters"] == {"method.request.path.file": True}
    assert method["methodResponses"].keys() == {"200"}
    written = operation[ministack_api.INTEGRATION]
    assert (integration["type"], integration["httpMethod"]) == ("HTTP_PROXY", "POST")
    assert integration["timeoutInMillis"] == written["timeoutInMillis"]
    assert integration["requestParameters"] == written["requestParameters"]
    assert v1._gateway_responses[api_id].keys() == body[ministack_api.GATEWAY_RESPONSES].keys()
    api = v1._rest_apis[api_id]
    assert (api["name"], api["description"], api["binaryMediaTypes"]) == ("acme", "of ours", ["*/*"])


def test_responses_of_an_integration_are_selected_by_their_pattern(mended: Json) -> None:
    body = document("/a")
    body["paths"]["/a"]["post"][ministack_api.INTEGRATION] |= {
        "type": "mock",
        "passthroughBehavior": "when_no_templates",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {
            "default": {"statusCode": "200", "responseTemplates": {"application/json": "well"}},
            "5..": {"statusCode": "502", "contentHandling": "CONVERT_TO_TEXT"},
        },
    }
    integration = operations(created(mended, body))["POST /a"]["methodIntegration"]
    selected = {status: each["selectionPattern"] for status, each in integration["integrationResponses"].items()}
    assert selected == {"200": "", "502": "5.."}
    assert integration["integrationResponses"]["502"]["contentHandling"] == "CONVERT_TO_TEXT"
    assert integration["passthroughBehavior"] == "WHEN_NO_TEMPLATES"
    assert v1._invoke_mock_v1(integration)[2] == b"well"


def test_an_update_keeps_the_id_and_removes_what_the_document_lacks(mended: Json) -> None:
    before = properties(document("/a", "/b/{id}", errors="openai"))
    after = properties(document("/b/{other}"))
    api_id, attributes = mended["create"]("Api", before, "acme-api")
    assert mended["update"](api_id, before, after, "acme-api", "Api") == (api_id, attributes)
    assert operations(api_id).keys() == {"POST /b/{other}"}
    assert v1._gateway_responses[api_id] == {}


@pytest.mark.parametrize(
    ("field", "setting", "lost"),
    [
        ("x-amazon-apigateway-binary-media-types", "binaryMediaTypes", []),
        ("x-amazon-apigateway-api-key-source", "apiKeySource", "HEADER"),
    ],
)
def test_an_update_loses_settings_that_the_document_does_not_repeat(
    mended: Json, field: str, setting: str, lost: Any
) -> None:
    before, after = properties(document("/a")), properties(document("/b"))
    del after["Body"][field]
    api_id, _ = mended["create"]("Api", before, "acme-api")
    v1._rest_apis[api_id][setting] = "set"
    mended["update"](api_id, before, after, "acme-api", "Api")
    assert v1._rest_apis[api_id][setting] == lost


def test_an_update_without_another_document_touches_nothing_of_it(mended: Json) -> None:
    before = properties(document("/a"))
    api_id, _ = mended["create"]("Api", before, "acme-api")
    resources = dict(v1._resources[api_id])
    mended["update"](api_id, before, before | {"Description": "another"}, "acme-api", "Api")
    assert v1._resources[api_id] == resources
    assert v1._rest_apis[api_id]["description"] == "another"


def test_a_stage_serves_what_its_deployment_found(mended: Json) -> None:
    before, after = properties(document("/a")), properties(document("/b"))
    api_id, _ = mended["create"]("Api", before, "acme-api")
    first = deployed(api_id)
    mended["update"](api_id, before, after, "acme-api", "Api")
    assert (response_type(api_id, "/a"), response_type(api_id, "/b")) == ("INVALID_API_KEY", UNKNOWN)
    deployed(api_id)
    v1._delete_deployment(api_id, first)
    assert (response_type(api_id, "/a"), response_type(api_id, "/b")) == (UNKNOWN, "INVALID_API_KEY")
    assert len(v1._resources) == 2, "the first deployment has left something"


def sent(proxy: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> tuple[Any, float]:
    """The request that `proxy` sends to the server of an integration, and how long it would wait."""
    seen: list[tuple[Any, float]] = []

    async def send(request: Any, seconds: float) -> None:
        seen.append((request, seconds))
        raise TimeoutError

    monkeypatch.setattr(v1, "_urlopen_async", within_its_timeout(send))
    integration = {
        "uri": "http://localhost/model",
        "httpMethod": "PUT",
        "timeoutInMillis": 1500,
        "requestParameters": {"integration.request.header.X-Api-Key": "'replaced'"},
    }
    asyncio.run(proxy(integration, "/a", "POST", {"x-api-key": "secret", "x-trace": "7"}, b"{}", {}, {}))
    return seen[0]


def test_ministack_sends_headers_method_and_timeout_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    request, seconds = sent(v1._invoke_http_proxy_v1, monkeypatch)
    assert (request.get_method(), request.headers["X-api-key"], seconds) == ("POST", "secret", 30)


def test_a_server_gets_headers_method_and_time_of_the_integration(monkeypatch: pytest.MonkeyPatch) -> None:
    request, seconds = sent(with_integration(v1._invoke_http_proxy_v1), monkeypatch)
    assert (request.get_method(), request.headers, seconds) == ("PUT", {"X-api-key": "replaced", "X-trace": "7"}, 1.5)


def test_only_texts_in_quotes_are_fixed() -> None:
    mappings = {"integration.request.header.A": "method.request.header.B", "integration.request.path.c": "'text'"}
    assert fixed_headers({**mappings, "integration.request.header.D": "'text'"}) == {"D": "text"}
