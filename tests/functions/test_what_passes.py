"""Where answers are kept each header of a request is in the cache key, or does not reach the API: as a property.

CloudFront is played by what its documentation says: the function sees a request first, the cache key is made of what
it leaves, and the origin request policy decides what goes on.
"""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as drawn
from hypothesis import strategies as st

from ml_gateway import EdgeDesign, Keyed, Open
from ml_gateway.config import CorsConfig
from ml_gateway.credentials import KEY_FORMS
from ml_gateway.design import Callers
from ml_gateway.serving import PROTOCOLS
from tests.constructs.distributions import HOUR, KEYS, MINUTE, NEVER, distribution
from tests.functions.edge_runtime import EdgeRuntime, viewer_request
from tests.policy.reading import MANAGED_CACHING_DISABLED, behaviors, broken_rules
from tests.synthesis import Json

CORS = CorsConfig(origins=("https://app.acme.com",))
BY_LANGUAGE = HOUR.model_copy(update={"headers": ("accept-language", "origin")})
BY_TOKEN = HOUR.model_copy(update={"headers": ("api-key",)})
CACHES = {"/a": MINUTE, "/b": BY_LANGUAGE, "/c": BY_TOKEN, "/d": NEVER}

GATEWAYS: list[tuple[EdgeDesign, Callers]] = [
    (EdgeDesign(cache=HOUR), Open()),
    (EdgeDesign(cache=HOUR), KEYS),
    (EdgeDesign(cache=BY_TOKEN, cors=CORS, model_caches=CACHES), Open()),
    (EdgeDesign(model_caches=CACHES, never_kept=("*/ping",)), Keyed(("x-api-key", "bearer"))),
]

HIDDEN = ("x-forwarded-proto", "x-real-ip", "proxy-authorization")
"""What a function does not see (CloudFront Developer Guide, "Restrictions on all edge functions"), as far as a server
behind us may read it."""

FRAMING = {"accept-encoding", "content-length", "transfer-encoding", "via"}
"""The first is in the key as CloudFront writes it, the last is CloudFront's own, too, and a GET has no body."""

NAMES = sorted(
    {
        *KEY_FORMS.values(), *HIDDEN, *FRAMING, "host", "accept", "accept-charset", "accept-language", "cache-control",
        "cloudfront-viewer-country", "content-type", "date", "expect", "from", "if-match", "if-modified-since",
        "if-none-match", "if-range", "if-unmodified-since", "origin", "pragma", "range", "referer", "user-agent",
        "x-amzn-trace-id", "x-forwarded-for", "x-forwarded-host", "x-forwarded-port", "x-http-method-override",
        "x-request-id", "x-tenant", "x_tenant", "X-Tenant", "constructor", "__proto__",
        *(header.lower() for protocol in PROTOCOLS.values() for header in protocol.request_headers),
    }
)  # fmt: skip
ANY_NAME = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_.!#$%&'*+^`|~", min_size=1, max_size=30)


def resource(template: Json, reference: Json) -> Json:
    """The properties of what a reference, or an attribute, is of."""
    name = reference["Ref"] if "Ref" in reference else reference["Fn::GetAtt"][0]
    found: Json = template["Resources"][name]["Properties"]
    return found


class Kept:
    """A behavior that keeps answers."""

    def __init__(self, template: Json, behavior: Json) -> None:
        key = resource(template, behavior["CachePolicyId"])["CachePolicyConfig"]
        key = key["ParametersInCacheKeyAndForwardedToOrigin"]
        self.keyed = {header.lower() for header in key["HeadersConfig"]["Headers"]}
        forwarded = resource(template, behavior["OriginRequestPolicyId"])["OriginRequestPolicyConfig"]
        assert forwarded["HeadersConfig"]["HeaderBehavior"] == "allExcept"
        self.left_out = {header.lower() for header in forwarded["HeadersConfig"]["Headers"]}
        assert len(self.left_out) <= 10
        (association,) = behavior["FunctionAssociations"]
        self.code: str = resource(template, association["FunctionARN"])["FunctionCode"]

    def passes(self, name: str, runtime: EdgeRuntime, method: str = "GET") -> bool:
        """Whether the API gets it."""
        request = {"method": method, "headers": {} if name in HIDDEN else {name: {"value": "mine"}}}
        sent = runtime.run(self.code, viewer_request(request)).value["headers"]
        return (name in sent or name in HIDDEN) and (name in self.keyed or name not in self.left_out)


def kept_behaviors() -> Iterator[Kept]:
    for edge, callers in GATEWAYS:
        template = distribution(edge, callers)
        for behavior in behaviors(template).values():
            if behavior["CachePolicyId"] != MANAGED_CACHING_DISABLED:
                yield Kept(template, behavior)


@pytest.fixture(scope="module")
def kept() -> list[Kept]:
    return list(kept_behaviors())


@pytest.mark.parametrize(("edge", "callers"), GATEWAYS)
def test_the_house_rules_find_nothing_here_either(edge: EdgeDesign, callers: Callers) -> None:
    """But the secret, which there is none of in front of no API."""
    assert list(broken_rules(distribution(edge, callers))) == ["MlGateway::OriginsGetTheSecret"]


def test_there_are_keys_of_several_kinds(kept: list[Kept]) -> None:
    assert len(kept) == 9
    assert len({frozenset(one.keyed) for one in kept}) == 6


@pytest.mark.parametrize("name", NAMES)
def test_a_header_is_in_the_key_or_does_not_pass(name: str, kept: list[Kept], runtime: EdgeRuntime) -> None:
    assert [one.keyed for one in kept if one.passes(name, runtime) and name not in one.keyed | FRAMING] == []


@given(name=ANY_NAME)
@drawn(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_so_is_any_other_header(name: str, kept: list[Kept], runtime: EdgeRuntime) -> None:
    assert [one.keyed for one in kept if one.passes(name, runtime) and name not in one.keyed | FRAMING] == []


def test_what_is_in_the_key_passes(kept: list[Kept], runtime: EdgeRuntime) -> None:
    lost = [name for one in kept for name in one.keyed - set(KEY_FORMS.values()) if not one.passes(name, runtime)]
    assert lost == []
    assert any(one.passes("api-key", runtime) for one in kept)


def test_a_post_passes_whole_beside_kept_answers(kept: list[Kept], runtime: EdgeRuntime) -> None:
    sent = {header.lower() for protocol in PROTOCOLS.values() for header in protocol.request_headers}
    names = {*sent, "content-type", "user-agent", "x-tenant"}
    assert [name for one in kept for name in names if not one.passes(name, runtime, "POST")] == []


def test_where_nothing_is_kept_a_get_passes_whole(runtime: EdgeRuntime) -> None:
    template = distribution(EdgeDesign(cache=HOUR, model_caches={"/d": NEVER}))
    (behavior,) = (one for name, one in behaviors(template).items() if name.endswith("/d"))
    code = resource(template, behavior["FunctionAssociations"][0]["FunctionARN"])["FunctionCode"]
    request = viewer_request({"method": "GET", "headers": {"x-tenant": {"value": "b"}}})
    assert runtime.run(code, request).value["headers"] == {"x-tenant": {"value": "b"}}


def test_behaviors_with_one_key_have_one_function() -> None:
    template = distribution(EdgeDesign(cache=HOUR, model_caches={"/a": MINUTE, "/b": BY_TOKEN, "/c": NEVER}))
    functions = {
        name.rpartition(" ")[2]: one["FunctionAssociations"][0]["FunctionARN"]["Fn::GetAtt"][0]
        for name, one in behaviors(template).items()
    }
    assert functions["default"] == functions["/a"]
    assert len(set(functions.values())) == 3
