"""The JSON line that the API writes for each request."""

import json
from typing import Final

from aws_cdk import aws_apigateway as apigateway

_FIELDS: Final = {
    "requestId": "$context.requestId",
    "requestTime": "$context.requestTime",
    "sourceIp": "$context.identity.sourceIp",
    "httpMethod": "$context.httpMethod",
    "path": "$context.path",
    "resourcePath": "$context.resourcePath",
    "protocol": "$context.protocol",
    "status": "$context.status",
    "errorResponseType": "$context.error.responseType",
    "apiKeyId": "$context.identity.apiKeyId",
    "responseLength": "$context.responseLength",
    "responseLatency": "$context.responseLatency",
    "integrationStatus": "$context.integration.status",
    "integrationLatency": "$context.integration.latency",
}
"""The key of each field in a log line, and the `$context` variable that fills it. The id of an API key is logged,
never its value."""

ACCESS_LOG_FORMAT: Final = apigateway.AccessLogFormat.custom(json.dumps(_FIELDS))
