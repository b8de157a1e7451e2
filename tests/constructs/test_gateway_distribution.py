"""What the distribution does for keys of clients, errors, names and countries, and what it leaves alone without."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_wafv2 as wafv2

from ml_gateway import EdgeDesign, GatewayDistribution, Keyed, Open, add_policy_checks
from ml_gateway.config import CountriesConfig
from ml_gateway.design import Callers
from tests.constructs.distributions import (
    DOMAIN,
    EVERYTHING,
    KEYS,
    MINUTE,
    ORIGIN,
    behavior,
    distribution,
    settings,
)
from tests.policy.reading import broken_rules
from tests.synthesis import CONTEXT, Json, bare_stack, template_of

# Keys of clients


def test_keys_are_never_asked_for_over_plain_http() -> None:
    assert behavior(distribution(callers=KEYS))["ViewerProtocolPolicy"] == "https-only"
    assert behavior(distribution())["ViewerProtocolPolicy"] == "redirect-to-https"


# Errors


def error_lifetimes(template: Json) -> dict[int, int]:
    return {error["ErrorCode"]: error["ErrorCachingMinTTL"] for error in settings(template)["CustomErrorResponses"]}


def test_no_error_is_kept_unless_the_settings_say_so() -> None:
    assert error_lifetimes(distribution()) == dict.fromkeys((400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504), 0)


def test_what_one_caller_did_wrong_is_never_kept_for_the_others() -> None:
    kept = error_lifetimes(distribution(EdgeDesign(error_caching=timedelta(seconds=10))))
    assert {status for status, seconds in kept.items() if seconds == 0} == {400, 403, 405, 416, 503}
    assert {status for status, seconds in kept.items() if seconds == 10} == {404, 414, 500, 501, 502, 504}


def test_no_page_replaces_the_body_of_an_error() -> None:
    errors = settings(distribution(EdgeDesign(error_caching=timedelta(seconds=10))))["CustomErrorResponses"]
    assert errors
    assert all(error.keys() == {"ErrorCode", "ErrorCachingMinTTL"} for error in errors)


# Names, countries, firewall


def test_by_default_nothing_but_the_distribution_its_function_and_its_headers_is_defined() -> None:
    template = distribution()
    assert sorted(one["Type"] for one in template["Resources"].values()) == [
        "AWS::CloudFront::Distribution",
        "AWS::CloudFront::Function",
        "AWS::CloudFront::ResponseHeadersPolicy",
    ]
    assert not {"Aliases", "ViewerCertificate", "Restrictions", "WebACLId", "Logging"} & settings(template).keys()
    assert settings(template)["PriceClass"] == "PriceClass_All"


def test_domain_name_is_the_own_one_where_there_is_one() -> None:
    own, given = (
        GatewayDistribution(bare_stack(), "Edge", origin=ORIGIN, edge=EdgeDesign(domain=domain))
        for domain in (DOMAIN, None)
    )
    assert own.domain_name == "ml.acme.com"
    assert given.domain_name == given.distribution.distribution_domain_name


@pytest.mark.parametrize(
    ("countries", "rendered"),
    [
        (CountriesConfig(allow=("DE", "FR")), {"Locations": ["DE", "FR"], "RestrictionType": "whitelist"}),
        (CountriesConfig(deny=("AQ",)), {"Locations": ["AQ"], "RestrictionType": "blacklist"}),
    ],
)
def test_countries_are_let_in_or_kept_out(countries: CountriesConfig, rendered: Json) -> None:
    found = settings(distribution(EdgeDesign(countries=countries)))
    assert found["Restrictions"] == {"GeoRestriction": rendered}


@pytest.mark.parametrize("price_class", ["PriceClass_100", "PriceClass_200", "PriceClass_All"])
def test_price_class_is_that_of_the_settings(price_class: Any) -> None:
    assert settings(distribution(EdgeDesign(price_class=price_class)))["PriceClass"] == price_class


def test_response_timeout_is_that_of_the_settings() -> None:
    def read_timeout(edge: EdgeDesign) -> int:
        (origin,) = settings(distribution(edge))["Origins"]
        seconds: int = origin["CustomOriginConfig"]["OriginReadTimeout"]
        return seconds

    assert read_timeout(EdgeDesign(response_timeout=timedelta(seconds=71))) == 71
    assert read_timeout(EdgeDesign()) == 30


def define_web_acl(stack: Stack) -> wafv2.CfnWebACL:
    return wafv2.CfnWebACL(
        stack,
        "WebAcl",
        scope="CLOUDFRONT",
        default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
        visibility_config=wafv2.CfnWebACL.VisibilityConfigProperty(
            cloud_watch_metrics_enabled=True, metric_name="Edge", sampled_requests_enabled=False
        ),
    )


def test_a_web_acl_stands_in_front() -> None:
    stack = bare_stack()
    GatewayDistribution(stack, "Edge", origin=ORIGIN, web_acl=define_web_acl(stack))
    assert settings(template_of(stack))["WebACLId"] == {"Fn::GetAtt": ["WebAcl", "Arn"]}


# Policy: each exception is there only while its reason holds


@pytest.mark.parametrize(
    ("edge", "callers", "header"),
    [
        (EdgeDesign(), Open(), "x-api-key"),
        (replace(EVERYTHING, model_caches={"/a": MINUTE}), Keyed(), "x-origin-verify"),
    ],
    ids=["nothing", "everything"],
)
def test_distribution_passes_all_checks(edge: EdgeDesign, callers: Callers, header: str, tmp_path: Path) -> None:
    app = App(context=CONTEXT, outdir=str(tmp_path))
    add_policy_checks(app)
    origin = replace(ORIGIN, callers=callers, headers={header: "acme-ml/origin/1"})
    GatewayDistribution(bare_stack(app=app), "Edge", origin=origin, edge=edge)
    app.synth()
    assert json.loads((tmp_path / "validation-report.json").read_text())["pluginReports"] == []


def test_a_distribution_that_sends_no_secret_is_refused() -> None:
    assert list(broken_rules(distribution())) == ["MlGateway::OriginsGetTheSecret"]


ACKNOWLEDGED = {"AwsSolutions-CFR1", "AwsSolutions-CFR2", "AwsSolutions-CFR3", "AwsSolutions-CFR4"}


def acknowledged(edge: EdgeDesign, *, with_web_acl: bool) -> set[str]:
    stack = bare_stack()
    gateway = GatewayDistribution(
        stack, "Edge", origin=ORIGIN, edge=edge, web_acl=define_web_acl(stack) if with_web_acl else None
    )
    return {rule for rule in ACKNOWLEDGED if rule in reasons(gateway)}


def reasons(gateway: GatewayDistribution) -> str:
    return str([entry.data for entry in gateway.distribution.node.metadata])


def test_exceptions_are_written_down_only_where_they_are_needed() -> None:
    countries = CountriesConfig(deny=("AQ",))
    assert acknowledged(EdgeDesign(), with_web_acl=False) == ACKNOWLEDGED
    assert acknowledged(EdgeDesign(), with_web_acl=True) == ACKNOWLEDGED - {"AwsSolutions-CFR2"}
    assert acknowledged(EdgeDesign(domain=DOMAIN), with_web_acl=False) == ACKNOWLEDGED - {"AwsSolutions-CFR4"}
    assert acknowledged(EdgeDesign(countries=countries), with_web_acl=False) == ACKNOWLEDGED - {"AwsSolutions-CFR1"}
