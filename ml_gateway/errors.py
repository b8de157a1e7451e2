"""The errors that the gateway itself answers with, in the dialect of its callers."""

import json
from dataclasses import dataclass, replace
from typing import Final, Literal

Dialect = Literal["openai", "plain"]
Source = Literal["gateway", "backend"]

REQUEST_ID: Final = "$context.requestId"
"""API Gateway puts the id of the request in its place; the access log has the same one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GatewayError:
    """One kind of refusal or failure.

    `response_type` is API Gateway's name for it. `kind` and `code` are OpenAI's `type` and `code`. Messages are fixed
    texts: nothing of the request is repeated in them, so no credential can be. `headers` tell SDKs whether to retry.
    """

    response_type: str
    status: int
    kind: str
    code: str
    message: str
    source: Source = "gateway"
    headers: tuple[tuple[str, str], ...] = ()


_RETRY_SOON: Final = (("Retry-After", "1"),)
_DO_NOT_RETRY: Final = (("x-should-retry", "false"),)

BLOCKED: Final = GatewayError(
    response_type="WAF_FILTERED",
    status=403,
    kind="permission_error",
    code="blocked",
    message="the request was blocked by a firewall rule",
)

INVALID_PATH: Final = GatewayError(
    response_type="INVALID_PATH",
    status=400,
    kind="invalid_request_error",
    code="invalid_path",
    message="the path holds an encoded slash or control character, a dot segment, '//', or wrong percent-encoding",
)
"""What the edge itself refuses: API Gateway has no such response type."""

THROTTLED: Final = GatewayError(
    response_type="THROTTLED",
    status=429,
    kind="requests",
    code="rate_limit_exceeded",
    message="too many requests; slow down and try again",
    headers=_RETRY_SOON,
)

THROTTLED_AT_EDGE: Final = replace(THROTTLED, headers=(("Retry-After", "30"),))
"""The same for whom WAF's rates stop: it counts over minutes, so who comes again after a second only meets it again."""

MISCONFIGURED: Final = GatewayError(
    response_type="API_CONFIGURATION_ERROR",
    status=500,
    kind="server_error",
    code="gateway_misconfigured",
    message="the gateway is not set up to answer this request",
)

GATEWAY_ERRORS: Final = (
    GatewayError(
        response_type="INVALID_API_KEY", status=401, kind="invalid_request_error", code="invalid_api_key",
        message="no valid API key was sent",
    ),
    GatewayError(
        response_type="UNAUTHORIZED", status=401, kind="invalid_request_error", code="unauthorized",
        message="the request is not authorized",
    ),
    GatewayError(
        response_type="ACCESS_DENIED", status=403, kind="permission_error", code="access_denied",
        message="the request is not allowed",
    ),
    BLOCKED,
    GatewayError(
        response_type="INVALID_SIGNATURE", status=403, kind="permission_error", code="invalid_signature",
        message="the signature of the request is not valid; this API takes no signed requests",
    ),
    GatewayError(
        response_type="EXPIRED_TOKEN", status=403, kind="permission_error", code="expired_token",
        message="the token of the request has expired; this API takes no signed requests",
    ),
    # What API Gateway calls a missing authentication token is a path, or a method of it, that no model has.
    GatewayError(
        response_type="MISSING_AUTHENTICATION_TOKEN", status=404, kind="invalid_request_error", code="unknown_url",
        message="no model answers this method and path",
    ),
    GatewayError(
        response_type="RESOURCE_NOT_FOUND", status=404, kind="invalid_request_error", code="unknown_url",
        message="no model answers this method and path",
    ),
    GatewayError(
        response_type="BAD_REQUEST_BODY", status=400, kind="invalid_request_error", code="invalid_body",
        message="the body of the request is not valid",
    ),
    GatewayError(
        response_type="BAD_REQUEST_PARAMETERS", status=400, kind="invalid_request_error", code="invalid_parameters",
        message="a parameter of the request is missing or not valid",
    ),
    GatewayError(
        response_type="UNSUPPORTED_MEDIA_TYPE", status=415, kind="invalid_request_error", code="unsupported_media_type",
        message="the content type of the request is not supported",
    ),
    THROTTLED,
    GatewayError(
        response_type="QUOTA_EXCEEDED", status=429, kind="insufficient_quota", code="insufficient_quota",
        message="the quota of this period is used up", headers=_DO_NOT_RETRY,
    ),
    GatewayError(
        response_type="INTEGRATION_TIMEOUT", status=504, kind="server_error", code="model_timeout",
        message="the model did not answer in time", source="backend",
    ),
    GatewayError(
        response_type="INTEGRATION_FAILURE", status=502, kind="server_error", code="model_unreachable",
        message="the model could not be reached, or its answer could not be read", source="backend",
    ),
    MISCONFIGURED,
    GatewayError(
        response_type="DEFAULT_4XX", status=400, kind="invalid_request_error", code="invalid_request",
        message="the gateway refused the request",
    ),
    GatewayError(
        response_type="DEFAULT_5XX", status=500, kind="server_error", code="gateway_error",
        message="the gateway failed to answer the request",
    ),
)  # fmt: skip
"""One for each response type that a caller can meet. REQUEST_TOO_LARGE (413) is left out: API Gateway documents that
it cannot be customised. Authorizer errors are left out: there are no authorizers."""


def error_body(dialect: Dialect, error: GatewayError, *, request_id: str | None = REQUEST_ID) -> str:
    """The JSON of an answer with `error`. API Gateway fills in the request id; who knows none answers without."""
    also = {"source": error.source} if request_id is None else {"request_id": request_id, "source": error.source}
    if dialect == "openai":
        details = {"message": error.message, "type": error.kind, "param": None, "code": error.code}
        return json.dumps({"error": details, **also})
    return json.dumps({"message": error.message, "code": error.code, **also})
