"""The errors that the gateway itself answers with, in the dialect of its callers."""

import json
from dataclasses import dataclass, replace
from typing import Final, Literal

Dialect = Literal["openai", "oip", "plain"]
Source = Literal["gateway", "backend"]

REQUEST_ID: Final = "$context.requestId"
"""API Gateway puts the id of the request in its place; the access log has the same one."""

REQUEST_ID_HEADERS: Final = ("x-request-id", "request-id")
"""Where the SDKs of OpenAI and of Anthropic look for the id of a request."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GatewayError:
    """One kind of refusal or failure.

    `response_type` is API Gateway's name for it. `kind` is the type that Anthropic's API gives to such an error (Claude
    API reference, "Errors"), and `code` the code that OpenAI's does: their SDKs read these two. Messages are fixed
    texts: nothing of the request is repeated in them, so no credential can be. `headers` tell SDKs whether to retry.

    One that `keeps_status` stands for many: it is sent with the status that each of them has, `status` or another.
    """

    response_type: str
    status: int
    kind: str
    code: str
    message: str
    source: Source = "gateway"
    headers: tuple[tuple[str, str], ...] = ()
    keeps_status: bool = False


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
    kind="rate_limit_error",
    code="rate_limit_exceeded",
    message="too many requests; slow down and try again",
    headers=_RETRY_SOON,
)

THROTTLED_AT_EDGE: Final = replace(THROTTLED, headers=(("Retry-After", "30"),))
"""The same for whom WAF's rates stop: it counts over minutes, so who comes again after a second only meets it again."""

PAUSED: Final = GatewayError(
    response_type="MODEL_PAUSED",
    status=503,
    kind="api_error",
    code="model_paused",
    message="the model is paused; try again later",
    headers=(("Retry-After", "300"), *_DO_NOT_RETRY),
)
"""What a paused model answers: an integration's answer, as API Gateway has no such response type. A pause lasts longer
than the minute that SDKs would wait for."""

MISCONFIGURED: Final = GatewayError(
    response_type="API_CONFIGURATION_ERROR",
    status=500,
    kind="api_error",
    code="gateway_misconfigured",
    message="the gateway is not set up to answer this request",
)

UNKNOWN_URL: Final = GatewayError(
    response_type="MISSING_AUTHENTICATION_TOKEN",
    status=404,
    kind="not_found_error",
    code="unknown_url",
    message="no model answers this method and path",
)
"""What API Gateway calls a missing authentication token is a path, or a method of it, that no model has. At the edge
also a version that callers may not ask for."""

GATEWAY_ERRORS: Final = (
    GatewayError(
        response_type="INVALID_API_KEY", status=401, kind="authentication_error", code="invalid_api_key",
        message="no valid API key was sent",
    ),
    GatewayError(
        response_type="UNAUTHORIZED", status=401, kind="authentication_error", code="unauthorized",
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
    UNKNOWN_URL,
    replace(UNKNOWN_URL, response_type="RESOURCE_NOT_FOUND"),
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
        response_type="QUOTA_EXCEEDED", status=429, kind="rate_limit_error", code="insufficient_quota",
        message="the quota of this period is used up", headers=_DO_NOT_RETRY,
    ),
    GatewayError(
        response_type="INTEGRATION_TIMEOUT", status=504, kind="timeout_error", code="model_timeout",
        message="the model did not answer in time", source="backend",
    ),
    GatewayError(
        response_type="INTEGRATION_FAILURE", status=502, kind="api_error", code="model_unreachable",
        message="the model could not be reached, or its answer could not be read", source="backend",
    ),
    MISCONFIGURED,
    # A status of one of these two would be the status of all that have no answer of their own, a 413 among them (API
    # Gateway developer guide, "Gateway response types").
    GatewayError(
        response_type="DEFAULT_4XX", status=400, kind="invalid_request_error", code="invalid_request",
        message="the gateway refused the request", keeps_status=True,
    ),
    GatewayError(
        response_type="DEFAULT_5XX", status=500, kind="api_error", code="gateway_error",
        message="the gateway failed to answer the request", keeps_status=True,
    ),
)  # fmt: skip
"""One for each response type that a caller can meet. REQUEST_TOO_LARGE (413) is left out: API Gateway documents that
it cannot be customised. Those of authorizers are beside these: most gateways have none."""

IDENTITY_UNAVAILABLE: Final = GatewayError(
    response_type="AUTHORIZER_FAILURE",
    status=503,
    kind="api_error",
    code="identity_unavailable",
    message="the gateway cannot tell at the moment who calls; try again",
    headers=(("Retry-After", "10"),),
)

IDENTITY_ERRORS: Final = (
    GatewayError(
        response_type="UNAUTHORIZED", status=401, kind="authentication_error", code="unauthorized",
        message="no valid API key or token was sent",
    ),
    GatewayError(
        response_type="ACCESS_DENIED", status=403, kind="permission_error", code="model_not_allowed",
        message="this client may not call this model",
    ),
    IDENTITY_UNAVAILABLE,
    # Which of the two a function's error, or its time-out, is, AWS's pages say in different ways.
    replace(IDENTITY_UNAVAILABLE, response_type="AUTHORIZER_CONFIGURATION_ERROR"),
)  # fmt: skip
"""Those of an API with an authorizer, in place of what `GATEWAY_ERRORS` has for them."""


def gateway_errors(*, identified: bool) -> tuple[GatewayError, ...]:
    """All that an API answers itself, with an authorizer or without."""
    found = {error.response_type: error for error in (*GATEWAY_ERRORS, *(IDENTITY_ERRORS if identified else ()))}
    return tuple(found.values())


def error_body(dialect: Dialect, error: GatewayError, *, request_id: str | None = REQUEST_ID) -> str:
    """The JSON of an answer with `error`. API Gateway fills in the request id; who knows none answers without.

    `openai`: the SDKs of OpenAI and of Anthropic read the same `error`, each its own fields of it, and OpenAI's keeps
    nothing else; `type` around it is Anthropic's. `oip`: the Open Inference Protocol has one text there, which is all
    that Triton's client shows. `plain`: message and code, flat.
    """
    known = {} if request_id is None else {"request_id": request_id}
    also = {**known, "source": error.source}
    body: dict[str, object]
    match dialect:
        case "openai":
            details = {"message": error.message, "type": error.kind, "param": None, "code": error.code, **known}
            body = {"type": "error", "error": details, **also}
        case "oip":
            text = error.message if request_id is None else f"{error.message}; request {request_id}"
            body = {"error": text, "code": error.code, **also}
        case "plain":
            body = {"message": error.message, "code": error.code, **also}
    return json.dumps(body)
