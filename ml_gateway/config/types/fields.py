"""The types of single settings. Each bound stands here once, with its source where it is the service's."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StrictInt, StrictStr, WithJsonSchema

from ml_gateway.config.types.annotated import Matching, Quantity
from ml_gateway.config.types.headers import HEADER_NAME, MOST_CACHE_HEADERS, check_cache_header
from ml_gateway.config.types.quantities import (
    DURATION_PATTERN,
    MOST_REQUESTS,
    QUOTA_PATTERN,
    RATE_PATTERN,
    RequestQuota,
    RequestRate,
    format_duration,
    parse_duration,
)
from ml_gateway.config.types.urls import PATH_PATTERN, URL_PATTERN, check_url, check_variables
from ml_gateway.serving.limits import LONGEST_EDGE_TIMEOUT, LONGEST_STREAM, SHORTEST_TIMEOUT
from ml_gateway.wording import shown

HttpMethod = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
KeyForm = Literal["x-api-key", "bearer", "api-key", "x-goog-api-key"]
"""How a client sends its key: in the header of that name, or as Authorization: Bearer."""

RETENTION_DAYS: Final = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip
"""CloudWatch Logs API reference, PutRetentionPolicy."""

LONGEST_LIFETIME: Final = timedelta(days=36_500)
"""CloudFront API reference of 2016-09-07, DefaultCacheBehavior: MinTTL, DefaultTTL and MaxTTL take 0 to 3,153,600,000
seconds (100 years). Later ones name no bound, and none ever did for ErrorCachingMinTTL."""

ENTRY_NAME: Final = Matching(
    r"(?=.{1,63}$)[a-z][a-z0-9]*(-[a-z0-9]+)*",
    "a name",
    "up to 63 lower-case letters and digits, a letter first, with single hyphens in between",
)
# The stack's tags reach every resource, so the strictest service decides: CloudFront API reference, Tag, which names
# a-z, A-Z and 0-9. Its pattern and those of WAF, IAM and CloudWatch Logs would take letters of any script.
_TAG_TEXT: Final = r"(?![aA][wW][sS]:)[A-Za-z0-9 _.:/=+@-]"
_TAG_FORM: Final = "ASCII letters, digits, spaces and _ . : / = + - @ that do not start with aws:"
TAG_KEY: Final = Matching(rf"{_TAG_TEXT}{{1,128}}", "a tag key", f"1 to 128 {_TAG_FORM}")


def _check_timeout(timeout: timedelta) -> timedelta:
    if not SHORTEST_TIMEOUT <= timeout <= LONGEST_STREAM or timeout % timedelta(milliseconds=1):
        raise ValueError(
            f"{format_duration(timeout)} is not a timeout of API Gateway; write whole milliseconds from "
            f"{format_duration(SHORTEST_TIMEOUT)} to {format_duration(LONGEST_STREAM)}"
        )
    return timeout


def _check_response_timeout(timeout: timedelta) -> timedelta:
    if not timedelta(seconds=1) <= timeout <= LONGEST_EDGE_TIMEOUT or timeout % timedelta(seconds=1):
        raise ValueError(
            f"{format_duration(timeout)} is not a response timeout of CloudFront; write whole seconds from 1s to "
            f"{format_duration(LONGEST_EDGE_TIMEOUT)}"
        )
    return timeout


def _check_retention(retention: timedelta) -> timedelta:
    allowed = [timedelta(days=days) for days in RETENTION_DAYS]
    if retention not in allowed:
        nearest = [
            *[shorter for shorter in allowed if shorter < retention][-1:],
            *[longer for longer in allowed if longer > retention][:1],
        ]
        raise ValueError(
            f"{format_duration(retention)} is not a retention of CloudWatch Logs; "
            f"the nearest are {' and '.join(map(format_duration, nearest))}"
        )
    return retention


def check_lifetime(lifetime: timedelta) -> timedelta:
    """A lifetime that CloudFront keeps an answer or an error for: whole seconds, up to a hundred years."""
    if lifetime > LONGEST_LIFETIME:
        raise ValueError(
            f"{format_duration(lifetime)} is longer than CloudFront keeps anything; write at most "
            f"{format_duration(LONGEST_LIFETIME)}"
        )
    if lifetime < timedelta(0) or lifetime % timedelta(seconds=1):
        raise ValueError(
            f"{format_duration(lifetime)} is not a lifetime of CloudFront; write whole seconds, such as 1s"
        )
    return lifetime


def check_no_repeats(items: Sequence[str]) -> Sequence[str]:
    """The same items; ValueError with the first that is listed twice, in whatever capitals."""
    names: set[str] = set()
    for item in items:
        if item.lower() in names:
            raise ValueError(f"{shown(item)} is listed twice; keep one")
        names.add(item.lower())
    return items


# Of the gateway

GatewayName = Annotated[
    StrictStr,
    Matching(
        r"[a-z][a-z0-9-]{1,40}", "a gateway name", "2 to 41 lower-case letters, digits and hyphens, a letter first"
    ),
]
Description = Annotated[StrictStr, Field(min_length=1, max_length=1024)]
Account = Annotated[
    StrictStr,
    BeforeValidator(lambda value: str(value) if type(value) is int else value),
    Matching(r"[0-9]{12}", "an account", "its 12 digits without hyphens, such as 123456789012"),
    WithJsonSchema(
        {
            "type": ["string", "integer"],
            "pattern": "^[0-9]{12}$",
            "minimum": 10**11,
            "maximum": 10**12 - 1,
            "examples": ["123456789012"],
        }
    ),
]
# The edge is in us-east-1: China, GovCloud and the isolated regions cannot share a gateway with it.
Region = Annotated[StrictStr, Matching(r"(?!cn-)[a-z]{2}-[a-z]+-[0-9]", "a commercial region", "one such as eu-west-1")]
Regions = Annotated[tuple[Region, ...], Field(min_length=1, json_schema_extra={"maxItems": 1})]
Stage = Annotated[
    StrictStr, Matching(r"[a-zA-Z0-9_-]{1,128}", "a stage name", "up to 128 letters, digits, hyphens and underscores")
]
Generation = Annotated[StrictInt, Field(ge=1)]
TagValue = Annotated[StrictStr, Matching(rf"{_TAG_TEXT}{{1,256}}", "a tag value", f"1 to 256 {_TAG_FORM}")]

# Of a model

Url = Annotated[StrictStr, AfterValidator(check_url), Field(json_schema_extra={"pattern": f"^{URL_PATTERN}$"})]
Path = Annotated[
    StrictStr,
    Matching(
        PATH_PATTERN,
        "a path",
        "letters, digits and . _ : $ - or a variable after each slash, no slash at the end, such as /fraud/{id}",
    ),
    AfterValidator(check_variables),
]
Methods = Annotated[
    tuple[HttpMethod, ...],
    Field(min_length=1, json_schema_extra={"uniqueItems": True}),
    AfterValidator(check_no_repeats),
]

# Quantities

RATE: Final = Quantity(RequestRate, RequestRate.parse, str, RATE_PATTERN, "2/s")
Rate = Annotated[RequestRate, RATE]
Burst = Annotated[StrictInt, Field(ge=1, le=MOST_REQUESTS)]
Quota = Annotated[RequestQuota, Quantity(RequestQuota, RequestQuota.parse, str, QUOTA_PATTERN, "1000/month")]
Offset = Annotated[StrictInt, Field(ge=0)]

_DURATION: Final = Quantity(timedelta, parse_duration, format_duration, DURATION_PATTERN, "29s")
LIFETIME: Final = Quantity(timedelta, parse_duration, format_duration, DURATION_PATTERN, "60s")
Duration = Annotated[timedelta, _DURATION]
Timeout = Annotated[Duration, AfterValidator(_check_timeout)]
ResponseTimeout = Annotated[Duration, AfterValidator(_check_response_timeout)]
Retention = Annotated[Duration, AfterValidator(_check_retention)]
Lifetime = Annotated[timedelta, LIFETIME, AfterValidator(check_lifetime)]

# Of clients

KeyNames = Annotated[
    tuple[Annotated[StrictStr, ENTRY_NAME], ...],
    Field(min_length=1, json_schema_extra={"uniqueItems": True}),
    AfterValidator(check_no_repeats),
]
KeyForms = Annotated[
    tuple[KeyForm, ...],
    Field(min_length=1, json_schema_extra={"uniqueItems": True}),
    AfterValidator(check_no_repeats),
]

# Of the cache

HeaderName = Annotated[
    StrictStr, AfterValidator(check_cache_header), Field(json_schema_extra={"pattern": f"^{HEADER_NAME.pattern}$"})
]
CacheHeaders = Annotated[
    tuple[HeaderName, ...],
    Field(max_length=MOST_CACHE_HEADERS, json_schema_extra={"uniqueItems": True}),
    AfterValidator(check_no_repeats),
    # Neither capitals nor the order mean anything: what says the same has to be the same cache policy.
    AfterValidator(lambda headers: tuple(sorted(header.lower() for header in headers))),
]
