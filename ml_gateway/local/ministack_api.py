"""What MiniStack 1.5.33 lacks for an API that is one OpenAPI document.

Each is our reading of the page that it names, and no witness of what AWS does.

* `document_imported`: its import keeps type, method, URI and security of an operation, and makes another API of each
  update. Here an API keeps its id and is what the document says. Developer Guide, "OpenAPI extensions for API Gateway";
  API reference, PutRestApi, mode `overwrite`.
* `with_snapshot`: its stages serve the resources as they are at the moment. Here a stage serves what its deployment
  found. Developer Guide, "Deploy REST APIs": a deployment is a snapshot. Kinder than AWS all the same: binary media
  types and the source of keys are those of the moment.
* `with_integration`: its HTTP proxy sends the caller's headers and method, and waits as long for each model. Here fixed
  headers, method and timeout are those of the integration. Developer Guide, "Parameter mapping"; API reference,
  Integration. Kinder than AWS may be: a fixed header replaces the caller's in whatever spelling it comes. And a model
  that is too slow still is a 500, where AWS answers 504.
"""

import copy
import json
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from typing import Any, Final

from ministack.services import apigateway_v1 as v1

from ml_gateway.local import ministack_identity

Json = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]

INTEGRATION: Final = "x-amazon-apigateway-integration"
GATEWAY_RESPONSES: Final = "x-amazon-apigateway-gateway-responses"
FIXED_HEADER: Final = "integration.request.header."

_tree: ContextVar[str] = ContextVar("_tree")
"""Whose resources serve the request: a key of MiniStack's resources, and of them alone."""
_seconds: ContextVar[float] = ContextVar("_seconds")
"""How long the integration of the request waits."""


def put_document(api_id: str, document: Json) -> None:
    """Make an API what the document says: whatever it lacks is gone."""
    root = _root(api_id)
    v1._resources[api_id] = {root["id"]: {**root, "resourceMethods": {}}}
    v1._authorizers_v1[api_id] = {}
    v1._gateway_responses[api_id] = {}
    schemes = v1._import_security_schemes(api_id, document)
    for path, operations in document["paths"].items():
        v1._import_path_item(api_id, path, operations, schemes, document.get("security"))
    for response_type, response in document.get(GATEWAY_RESPONSES, {}).items():
        _expect_success(v1._put_gateway_response(api_id, response_type, response))
    v1._rest_apis[api_id].update(_settings(document))


def _root(api_id: str) -> Json:
    (root,) = [each for each in v1._resources[api_id].values() if each["path"] == "/"]
    found: Json = root
    return found


def _settings(document: Json) -> Json:
    info = document["info"]
    return {
        "name": info["title"],
        "description": info.get("description", ""),
        "version": info["version"],
        "apiKeySource": document.get("x-amazon-apigateway-api-key-source", "HEADER"),
        "binaryMediaTypes": document.get("x-amazon-apigateway-binary-media-types", []),
    }


def _expect_success(answer: Answer) -> None:
    if answer[0] >= 400:
        raise ValueError(answer[2].decode())


def with_whole_operation(usual: Callable[..., None]) -> Callable[..., None]:
    """`usual` imports one operation; now it keeps all that the gateway says of one."""

    def import_operation(api_id: str, resource_id: str, http_method: str, operation: Json, *security: Any) -> None:
        usual(api_id, resource_id, http_method, operation, *security)
        place = (api_id, resource_id, http_method)
        method = v1._resources[api_id][resource_id]["resourceMethods"][http_method]
        method["requestParameters"] = {
            f"method.request.{each['in']}.{each['name']}": each.get("required", False)
            for each in operation.get("parameters", [])
        }
        for status in operation.get("responses", {}):
            _expect_success(v1._put_method_response(*place, status, {}))
        integration = {name: _as_the_api_writes(name, value) for name, value in operation[INTEGRATION].items()}
        _expect_success(v1._put_integration(*place, integration))
        for pattern, response in integration.get("responses", {}).items():
            selection = {"selectionPattern": "" if pattern == "default" else pattern}
            _expect_success(v1._put_integration_response(*place, response["statusCode"], {**response, **selection}))

    return import_operation


def _as_the_api_writes(name: str, value: Any) -> Any:
    """OpenAPI has in lower case what the API itself has in capitals."""
    return value.upper() if name in ("type", "passthroughBehavior") else value


def document_imported(handler: Json) -> Json:
    """`handler` is CloudFormation's for a REST API; now it imports a document, and an update of one keeps the id."""

    def create(logical_id: str, properties: Json, stack_name: str) -> tuple[str, Json]:
        api_id, attributes = handler["create"](logical_id, _without_body(properties), stack_name)
        if body := properties.get("Body"):
            api = dict(v1._rest_apis[api_id])
            put_document(api_id, body)
            # What is a property as well is patched after the import.
            named = {"Name": "name", "Description": "description", "BinaryMediaTypes": "binaryMediaTypes"}
            v1._rest_apis[api_id].update({field: api[field] for name, field in named.items() if name in properties})
        v1._rest_apis[api_id]["apiKeySource"] = properties.get(
            "ApiKeySourceType", v1._rest_apis[api_id]["apiKeySource"]
        )
        return api_id, attributes

    def update(
        physical_id: str, before: Json, after: Json, stack_name: str, logical_id: str | None = None
    ) -> tuple[str, Json]:
        if after.get("Body") and after["Body"] != before.get("Body"):
            put_document(physical_id, after["Body"])
        # Properties that stay as they were are not put back.
        updated: tuple[str, Json] = handler["update"](
            physical_id, _without_body(before), _without_body(after), stack_name, logical_id
        )
        return updated

    return {**handler, "create": create, "update": update}


def _without_body(properties: Json) -> Json:
    return {name: value for name, value in properties.items() if name != "Body"}


def with_snapshot(usual: Callable[[str, Json], Answer]) -> Callable[[str, Json], Answer]:
    """`usual` creates a deployment; now it keeps the resources that it found."""

    def create_deployment(api_id: str, data: Json) -> Answer:
        answer = usual(api_id, data)
        if answer[0] < 400:
            v1._resources[_snapshot(api_id, json.loads(answer[2])["id"])] = copy.deepcopy(v1._resources[api_id])
        return answer

    return create_deployment


def with_snapshot_deleted(usual: Callable[[str, str], Answer]) -> Callable[[str, str], Answer]:
    """`usual` deletes a deployment; now also what it kept."""

    def delete_deployment(api_id: str, deployment_id: str) -> Answer:
        v1._resources.pop(_snapshot(api_id, deployment_id), None)
        return usual(api_id, deployment_id)

    return delete_deployment


def _snapshot(api_id: str, deployment_id: str) -> str:
    return f"{api_id}/{deployment_id}"


def with_stage_served(usual: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """`usual` answers a request; now from the deployment of its stage."""

    def execute(request: Json, api_id: str, stage_name: str, *rest: Any) -> Awaitable[Any]:
        stage = v1._stages_v1.get(api_id, {}).get(stage_name, {})
        snapshot = _snapshot(api_id, stage.get("deploymentId", ""))
        _tree.set(snapshot if snapshot in v1._resources else api_id)
        return usual(request, api_id, stage_name, *rest)

    return execute


def in_the_tree_served(usual: Callable[..., Any]) -> Callable[..., Any]:
    """`usual` finds a resource of an API; now in what its stage serves."""
    return lambda api_id, *rest: usual(_tree.get(api_id), *rest)


def with_integration(usual: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """`usual` sends a request on to an HTTP server; now with the headers, the method and the timeout of the file."""

    def invoke(integration: Json, path: str, _method: str, headers: Mapping[str, str], *rest: Any) -> Awaitable[Any]:
        _seconds.set(integration["timeoutInMillis"] / 1000)
        mappings = integration["requestParameters"]
        fixed = fixed_headers(mappings) | ministack_identity.from_the_authorizer(mappings, FIXED_HEADER)
        names = {name.lower() for name in fixed}
        kept = {name: value for name, value in headers.items() if name.lower() not in names}
        return usual(integration, path, integration["httpMethod"], kept | fixed, *rest)

    return invoke


def fixed_headers(mappings: Mapping[str, str]) -> dict[str, str]:
    return {
        name.removeprefix(FIXED_HEADER): value[1:-1]
        for name, value in mappings.items()
        if name.startswith(FIXED_HEADER) and value[0] == value[-1] == "'"
    }


def within_its_timeout(usual: Callable[[Any, float], Awaitable[Any]]) -> Callable[[Any, float], Awaitable[Any]]:
    """`usual` waits for a server, at most the seconds that it is told; now no longer than the integration says."""
    return lambda request, seconds: usual(request, min(seconds, _seconds.get(seconds)))


MENDED: Final[Mapping[str, Callable[[Any], Any]]] = {
    "_import_operation": with_whole_operation,
    "_create_deployment": with_snapshot,
    "_delete_deployment": with_snapshot_deleted,
    "_execute_in_scope": with_stage_served,
    "_match_resource_tree": in_the_tree_served,
    "_match_greedy_fallback": in_the_tree_served,
    "_invoke_http_proxy_v1": with_integration,
    "_urlopen_async": within_its_timeout,
    **ministack_identity.MENDED,
}
"""Functions of MiniStack's API Gateway."""


def mend(handlers: dict[str, Json]) -> None:
    """`handlers` are those of CloudFormation's resource types."""
    handlers["AWS::ApiGateway::RestApi"] = document_imported(handlers["AWS::ApiGateway::RestApi"])
    for name, mended in MENDED.items():
        setattr(v1, name, mended(getattr(v1, name)))
