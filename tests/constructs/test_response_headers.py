"""What the edge adds to answers and takes away: by a policy, which also holds for errors."""

import pytest

from ml_gateway import CorsConfig, EdgeDesign, GatewayDistribution, GatewayOrigin, Open
from ml_gateway.serving import PROTOCOLS, ProtocolName
from tests.constructs.distributions import CORS, HOUR, MINUTE, NEVER, distribution
from tests.policy.reading import behaviors
from tests.synthesis import Json, bare_stack, only, resources, template_of


def policy(edge: EdgeDesign | None = None) -> Json:
    template = distribution(edge)
    found: Json = only(template, "AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    return found


def test_every_distribution_has_a_policy() -> None:
    template = distribution()
    (policy_id,) = resources(template, "AWS::CloudFront::ResponseHeadersPolicy")
    (default,) = behaviors(template).values()
    assert default["ResponseHeadersPolicyId"] == {"Ref": policy_id}


def test_what_a_backend_runs_on_is_not_told() -> None:
    removed = [item["Header"].lower() for item in policy()["RemoveHeadersConfig"]["Items"]]
    assert removed == ["server", "x-amzn-remapped-server", "x-powered-by"]


def test_no_cookie_of_an_answer_that_is_kept_reaches_the_next_caller() -> None:
    template = distribution(EdgeDesign(cache=HOUR, model_caches={"/a": MINUTE, "/b": NEVER}))
    policies = resources(template, "AWS::CloudFront::ResponseHeadersPolicy")
    removed = {
        name.rpartition(" ")[2]: {
            item["Header"]
            for item in policies[one["ResponseHeadersPolicyId"]["Ref"]]["ResponseHeadersPolicyConfig"][
                "RemoveHeadersConfig"
            ]["Items"]
        }
        for name, one in behaviors(template).items()
    }
    assert {path for path, headers in removed.items() if "Set-Cookie" in headers} == {"default", "/a"}
    assert removed["/a"] - removed["/b"] == {"Set-Cookie"}
    assert len(policies) == 2


def test_the_region_that_answers_is_told() -> None:
    assert policy()["CustomHeadersConfig"]["Items"] == [
        {"Header": "x-gateway-region", "Value": "eu-west-1", "Override": True}
    ]
    assert "x-gateway-region" not in str(policy()["RemoveHeadersConfig"])


def test_a_region_that_is_not_known_is_not_told() -> None:
    stack = bare_stack()
    origin = GatewayOrigin(domain_name="api.example.com", origin_path="/v1", headers={}, callers=Open())
    GatewayDistribution(stack, "Edge", origin=origin)
    config = only(template_of(stack), "AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    assert "CustomHeadersConfig" not in config
    removed = [item["Header"] for item in config["RemoveHeadersConfig"]["Items"]]
    assert "x-gateway-region" in removed


def test_by_default_there_are_neither_security_headers_nor_cors() -> None:
    assert not {"SecurityHeadersConfig", "CorsConfig", "ServerTimingHeadersConfig"} & policy().keys()


def test_security_headers_win_over_those_of_the_backend() -> None:
    headers = policy(EdgeDesign(security_headers=True))["SecurityHeadersConfig"]
    assert headers == {
        "StrictTransportSecurity": {"AccessControlMaxAgeSec": 365 * 24 * 60 * 60, "Override": True},
        "ContentTypeOptions": {"Override": True},
        "FrameOptions": {"FrameOption": "DENY", "Override": True},
        "ReferrerPolicy": {"ReferrerPolicy": "no-referrer", "Override": True},
        "ContentSecurityPolicy": {
            "ContentSecurityPolicy": "default-src 'none'; frame-ancestors 'none'",
            "Override": True,
        },
    }


def test_listed_pages_may_read_answers_without_the_credentials_of_the_browser() -> None:
    cors = policy(EdgeDesign(cors=CORS))["CorsConfig"]
    assert cors["AccessControlAllowOrigins"]["Items"] == ["https://app.acme.com", "http://localhost:3000"]
    assert cors["AccessControlAllowCredentials"] is False
    assert cors["OriginOverride"] is True
    assert cors["AccessControlMaxAgeSec"] == 7200


def test_pages_may_send_headers_that_are_named_one_by_one() -> None:
    allowed = policy(EdgeDesign(cors=CORS))["CorsConfig"]["AccessControlAllowHeaders"]["Items"]
    assert {"authorization", "content-type", "x-api-key", "x-trace-id"} <= set(allowed)
    assert "*" not in allowed


def test_pages_may_read_what_names_a_request_and_when_to_try_again() -> None:
    exposed = policy(EdgeDesign(cors=CORS))["CorsConfig"]["AccessControlExposeHeaders"]["Items"]
    assert {"x-amz-cf-id", "x-amzn-requestid", "retry-after", "x-gateway-region"} <= set(exposed)


@pytest.mark.parametrize(
    ("protocol", "sent", "read"),
    [
        ("openai", {"openai-organization", "x-stainless-retry-count"}, set[str]()),
        ("anthropic", {"anthropic-version", "x-stainless-retry-count"}, set[str]()),
        ("oip-v2", {"inference-header-content-length"}, {"inference-header-content-length"}),
        ("sagemaker", {"x-amzn-sagemaker-session-id"}, {"x-amzn-sagemaker-new-session-id"}),
    ],
)
def test_pages_may_send_and_read_what_the_clients_of_each_protocol_do(
    protocol: ProtocolName, sent: set[str], read: set[str]
) -> None:
    cors = policy(EdgeDesign(cors=CORS))["CorsConfig"]
    for spoken, allowed, least in (
        (PROTOCOLS[protocol].request_headers, cors["AccessControlAllowHeaders"]["Items"], sent),
        (PROTOCOLS[protocol].response_headers, cors["AccessControlExposeHeaders"]["Items"], read),
    ):
        assert least <= {header.lower() for header in spoken} <= set(allowed)


def test_all_pages_are_let_in_by_a_star_alone() -> None:
    cors = policy(EdgeDesign(cors=CorsConfig(origins=("*",))))["CorsConfig"]
    assert cors["AccessControlAllowOrigins"]["Items"] == ["*"]
    assert cors["AccessControlAllowCredentials"] is False


def test_cors_of_the_policy_and_of_the_preflight_say_the_same() -> None:
    template = distribution(EdgeDesign(cors=CORS))
    code = only(template, "AWS::CloudFront::Function")["FunctionCode"]
    cors = policy(EdgeDesign(cors=CORS))["CorsConfig"]
    for items in ("AccessControlAllowHeaders", "AccessControlAllowMethods"):
        assert f'"{", ".join(cors[items]["Items"])}"' in code
    assert f'"maxAge":"{cors["AccessControlMaxAgeSec"]}"' in code
