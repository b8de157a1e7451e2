"""The JSON line that the API writes for each request."""

import json
from typing import Final

from aws_cdk import aws_apigateway as apigateway

ACCESS_LOG_FIELDS: Final = {
    "requestId": "$context.requestId",
    "extendedRequestId": "$context.extendedRequestId",
    "requestTime": "$context.requestTime",
    "sourceIp": "$context.identity.sourceIp",
    "httpMethod": "$context.httpMethod",
    "path": "$context.path",
    "resourcePath": "$context.resourcePath",
    "protocol": "$context.protocol",
    "status": "$context.status",
    "errorResponseType": "$context.error.responseType",
    "wafResponseCode": "$context.wafResponseCode",
    "apiKeyId": "$context.identity.apiKeyId",
    "responseLength": "$context.responseLength",
    "responseLatency": "$context.responseLatency",
    "integrationStatus": "$context.integration.status",
    "integrationLatency": "$context.integration.latency",
    "integrationRequestId": "$context.integration.requestId",
    # There is no helper of CDK for these three. Of a stream, the latencies above run to its end.
    "responseTransferMode": "$context.integration.responseTransferMode",
    "timeToAllHeaders": "$context.integration.timeToAllHeaders",
    "timeToFirstContent": "$context.integration.timeToFirstContent",
}
"""The key of each field in a log line, and the `$context` variable that fills it.

The id of an API key is logged, never its value. Every value stands in quotes, numbers too: what a request has none of
is written as `-`, which without them would spoil the line. User-Agent is left to the log of the edge: callers word it
freely, that quotes in it are escaped is not documented, and who can end a value can write others.
"""


IDENTITY_FIELDS: Final = {
    # Not `client`: saved queries make a field of that name.
    "clientName": "$context.authorizer.client",
    "authorizerLatency": "$context.authorizer.latency",
}
"""What a line of an API with an authorizer has beside them."""


def access_log_format(*, identified: bool = False) -> apigateway.AccessLogFormat:
    """One line of JSON with `ACCESS_LOG_FIELDS`, and with `IDENTITY_FIELDS` where an authorizer knows them."""
    return apigateway.AccessLogFormat.custom(json.dumps(ACCESS_LOG_FIELDS | (IDENTITY_FIELDS if identified else {})))
