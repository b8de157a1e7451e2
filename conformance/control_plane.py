"""The calls that CloudFormation makes for an API, in its order: LocalStack 4.9.2's own CloudFormation can update none.

LocalStack's import ignores the gateway responses of a document. Here they are put one by one, from that very document:
our stand-in for what API Gateway's import does, and no witness of it. What callers get by them is LocalStack's.
"""

import json
from typing import Any, Final

GATEWAY_RESPONSES: Final = "x-amazon-apigateway-gateway-responses"

Document = dict[str, Any]


def put_gateway_responses(client: Any, api_id: str, document: Document) -> None:
    """Those of the document, and no others. `client` is boto3's for API Gateway. They are live once deployed."""
    responses = document.get(GATEWAY_RESPONSES, {})
    for response_type, response in responses.items():
        client.put_gateway_response(restApiId=api_id, responseType=response_type, **response)
    for there in client.get_gateway_responses(restApiId=api_id)["items"]:
        if not there["defaultResponse"] and there["responseType"] not in responses:
            client.delete_gateway_response(restApiId=api_id, responseType=there["responseType"])


def put_document(client: Any, api_id: str, document: Document) -> None:
    """What CloudFormation does for a changed `Body` in the mode `overwrite`."""
    client.put_rest_api(restApiId=api_id, mode="overwrite", failOnWarnings=True, body=json.dumps(document))
    put_gateway_responses(client, api_id, document)


def lead_stage_to_new_deployment(client: Any, api_id: str, stage: str) -> str:
    """What CloudFormation does for a Deployment of another logical id; returns the id of the one that stays behind."""
    before: str = client.get_stage(restApiId=api_id, stageName=stage)["deploymentId"]
    deployment = client.create_deployment(restApiId=api_id)["id"]
    patch = {"op": "replace", "path": "/deploymentId", "value": deployment}
    client.update_stage(restApiId=api_id, stageName=stage, patchOperations=[patch])
    return before


def update_api(client: Any, api_id: str, stage: str, document: Document) -> None:
    """One update of a stack: what is replaced is deleted last."""
    put_document(client, api_id, document)
    before = lead_stage_to_new_deployment(client, api_id, stage)
    client.delete_deployment(restApiId=api_id, deploymentId=before)
