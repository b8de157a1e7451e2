"""Rules about distributions that fetch from a gateway. What is expected is spelled out here."""

from collections.abc import Iterator
from typing import Final

from ml_gateway.policy.cache_rules import (
    answers_are_not_kept_against_their_will,
    cached_answers_are_keyed_by_who_asks,
    headers_but_host_are_forwarded,
    no_cookie_is_kept,
    what_is_in_no_key_does_not_pass,
)
from ml_gateway.policy.edge_functions import our_function
from ml_gateway.policy.finding import Finding
from ml_gateway.policy.gateway_distributions import (
    gateway_behaviors,
    gateway_distributions,
    gateway_origins,
)
from ml_gateway.policy.house_rule import house_rule
from ml_gateway.policy.template import Place

ORIGIN_SPELLINGS: Final = ("X-Api-Key", "X-Origin-Verify")
"""As mappings of the API name them, which tell capitals apart."""

# CloudFront Developer Guide, "How CloudFront processes and caches HTTP 4xx and 5xx status codes from your origin".
CACHEABLE_ERRORS: Final = frozenset({400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504})
ERRORS_OF_THE_CALLER: Final = frozenset({400, 403, 405, 416})


@house_rule(
    "OriginsGetTheSecret",
    "every origin of a gateway is sent its secret, by reference, in X-Api-Key or X-Origin-Verify, spelled so",
    subjects=gateway_origins,
    source="docs/adr/0010-two-locks-one-edge-function.md; docs/adr/0019-one-edge-function-always.md",
)
def origins_get_the_secret(origin: Place) -> Iterator[Finding]:
    headers = origin["OriginCustomHeaders"]
    if not any(header["HeaderName"].text() in ORIGIN_SPELLINGS for header in headers.items()):
        yield headers.wrong(f"has neither {' nor '.join(ORIGIN_SPELLINGS)}")
    for header in headers.items():
        yield from header["HeaderValue"].must_be_a_secret()


@house_rule(
    "OriginsAreFetchedOverTls12",
    "every origin of a gateway is fetched over HTTPS alone, with TLS 1.2",
    subjects=gateway_origins,
    source="API Gateway Developer Guide, Choose a security policy; docs/security.md",
)
def origins_are_fetched_over_tls_1_2(origin: Place) -> Iterator[Finding]:
    yield from origin["CustomOriginConfig"]["OriginProtocolPolicy"].must_be("https-only")
    yield from origin["CustomOriginConfig"]["OriginSSLProtocols"].must_be(["TLSv1.2"])


@house_rule(
    "ViewersAreNotServedInClear",
    "nobody is served over plain HTTP",
    subjects=gateway_behaviors,
    source="CloudFront Developer Guide, Require HTTPS for communication between viewers and CloudFront",
)
def viewers_are_not_served_in_clear(behavior: Place) -> Iterator[Finding]:
    yield from behavior["ViewerProtocolPolicy"].must_be("redirect-to-https", "https-only")


@house_rule(
    "BehaviorsTakePosts",
    "every behavior in front of a gateway takes POST, by which models are asked",
    subjects=gateway_behaviors,
    source="CloudFront API Reference, AllowedMethods: GET and HEAD by default",
)
def behaviors_take_posts(behavior: Place) -> Iterator[Finding]:
    if "POST" not in behavior["AllowedMethods"].texts():
        yield behavior["AllowedMethods"].wrong("lacks POST")


@house_rule(
    "OneFunctionSeesEveryRequestFirst",
    "each behavior in front of a gateway has the gateway's own function at viewer request, published, and no other",
    subjects=gateway_behaviors,
    source="docs/adr/0019-one-edge-function-always.md",
)
def one_function_sees_every_request_first(behavior: Place) -> Iterator[Finding]:
    function = our_function(behavior)
    yield from function["FunctionConfig"]["Runtime"].must_be("cloudfront-js-2.0")
    yield from function["AutoPublish"].must_be(True)


@house_rule(
    "AnswersTellNoMoreThanThePolicy",
    "a response headers policy removes Server, and lets no page use the credentials of a browser",
    subjects=gateway_behaviors,
    source="docs/edge.md; CloudFront API Reference, ResponseHeadersPolicyCorsConfig",
)
def answers_tell_no_more_than_the_policy(behavior: Place) -> Iterator[Finding]:
    policy = behavior["ResponseHeadersPolicyId"].refers_to("AWS::CloudFront::ResponseHeadersPolicy")
    if policy is None:
        yield behavior["ResponseHeadersPolicyId"].wrong("is no response headers policy of this template")
        return
    config = policy["ResponseHeadersPolicyConfig"]
    removed = config["RemoveHeadersConfig"]["Items"]
    if "server" not in {item["Header"].text().lower() for item in removed.items()}:
        yield removed.wrong("lacks Server")
    cors = config.get("CorsConfig")
    if cors is not None:
        yield from cors["AccessControlAllowCredentials"].must_be(False)


@house_rule(
    "ErrorsPassAsTheyAre",
    "no page replaces an error's body, each code says how long it is kept, and what one caller did wrong never is",
    subjects=gateway_distributions,
    source="docs/adr/0011-errors-of-the-edge.md",
)
def errors_pass_as_they_are(config: Place) -> Iterator[Finding]:
    errors = config["CustomErrorResponses"].items()
    said = {int(error["ErrorCode"].number()) for error in errors}
    if said != CACHEABLE_ERRORS:
        wrong = ", ".join(map(str, sorted(said ^ CACHEABLE_ERRORS)))
        yield config["CustomErrorResponses"].wrong(f"lacks or adds {wrong}")
    for error in errors:
        for replaced in (error.get("ResponsePagePath"), error.get("ResponseCode")):
            if replaced is not None:
                yield replaced.wrong("replaces what the API said")
        kept = error["ErrorCachingMinTTL"]
        if kept.number() != 0 and int(error["ErrorCode"].number()) in ERRORS_OF_THE_CALLER:
            yield kept.wrong("is not 0")


EDGE_RULES: Final = (
    origins_get_the_secret,
    origins_are_fetched_over_tls_1_2,
    viewers_are_not_served_in_clear,
    behaviors_take_posts,
    cached_answers_are_keyed_by_who_asks,
    answers_are_not_kept_against_their_will,
    headers_but_host_are_forwarded,
    what_is_in_no_key_does_not_pass,
    one_function_sees_every_request_first,
    answers_tell_no_more_than_the_policy,
    no_cookie_is_kept,
    errors_pass_as_they_are,
)
