"""What pages from elsewhere may send, and what they may read: said by the preflight and by the answer alike."""

from datetime import timedelta
from typing import Final, get_args

from ml_gateway.config import CorsConfig, HttpMethod
from ml_gateway.credentials import KEY_FORMS

CORS_METHODS: Final[tuple[str, ...]] = get_args(HttpMethod)

CORS_MAX_AGE: Final = timedelta(hours=2)
"""How long a browser may remember a preflight: the most that Chromium honours (`Access-Control-Max-Age` on MDN)."""

REGION_HEADER: Final = "x-gateway-region"
"""Says which region answered."""

EXPOSED_HEADERS: Final = (
    REGION_HEADER,
    "x-amz-cf-id",  # what joins the logs of CloudFront, WAF and the API
    "x-amzn-requestid",
    "x-amzn-errortype",
    "x-request-id",
    "retry-after",
    "retry-after-ms",
    "x-should-retry",
    "inference-header-content-length",
    "x-amzn-invoked-production-variant",
    "x-amzn-sagemaker-custom-attributes",
    "x-amzn-sagemaker-new-session-id",
    "x-amzn-sagemaker-closed-session-id",
)
"""Response headers that callers need beyond those that browsers show them anyway."""

_SDK_HEADERS: Final = (
    "accept",
    "content-type",
    "user-agent",
    "idempotency-key",
    "x-request-id",
    "inference-header-content-length",
    # openai, and the anthropic SDK that shares its generator
    "openai-beta",
    "openai-organization",
    "openai-project",
    "x-stainless-arch",
    "x-stainless-async",
    "x-stainless-custom-poll-interval",
    "x-stainless-helper-method",
    "x-stainless-lang",
    "x-stainless-os",
    "x-stainless-package-version",
    "x-stainless-poll-helper",
    "x-stainless-retry-count",
    "x-stainless-runtime",
    "x-stainless-runtime-version",
    "x-stainless-timeout",
    "anthropic-beta",
    "anthropic-dangerous-direct-browser-access",
    "anthropic-version",
    # Google's
    "x-goog-api-client",
    # SageMaker runtime
    "x-amzn-sagemaker-custom-attributes",
    "x-amzn-sagemaker-enable-explanations",
    "x-amzn-sagemaker-inference-component",
    "x-amzn-sagemaker-inference-id",
    "x-amzn-sagemaker-session-id",
    "x-amzn-sagemaker-target-container-hostname",
    "x-amzn-sagemaker-target-model",
    "x-amzn-sagemaker-target-variant",
)


def request_headers(cors: CorsConfig) -> tuple[str, ...]:
    """The request headers that pages may send, in lower case, each once: keys, those of usual SDKs, `cors.headers`.

    They are listed because a wildcard does not cover Authorization (Fetch standard, CORS protocol).
    """
    added = (header.lower() for header in cors.headers)
    return tuple(dict.fromkeys((*sorted(KEY_FORMS.values()), *_SDK_HEADERS, *added)))
