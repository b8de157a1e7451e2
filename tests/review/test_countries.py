"""Reviews of who is let in by country."""

from typing import Any

import pytest

from ml_gateway import EdgeConfig
from ml_gateway.config import CountriesConfig, FirewallConfig
from tests.review.apis import lost
from tests.review.conftest import Assemble, ReviewResources, RunReview
from tests.synthesis import Json


def allow(*countries: str) -> CountriesConfig:
    return CountriesConfig(allow=countries)


def deny(*countries: str) -> CountriesConfig:
    return CountriesConfig(deny=countries)


def firewall(countries: CountriesConfig | None = None, **settings: Any) -> EdgeConfig:
    return EdgeConfig(firewall=FirewallConfig(rate="2000/5m", countries=countries, **settings))


REFUSED = "are refused once the edge is deployed (`countries`)"
NOBODY = EdgeConfig()


@pytest.mark.parametrize(
    ("before", "after", "who"),
    [
        (NOBODY, EdgeConfig(countries=deny("AQ", "AX")), "AQ, AX"),
        (NOBODY, EdgeConfig(countries=allow("FR", "DE")), "anywhere but DE, FR"),
        (EdgeConfig(countries=deny("AQ")), EdgeConfig(countries=deny("AQ", "AX")), "AX"),
        (EdgeConfig(countries=allow("DE", "FR")), EdgeConfig(countries=allow("FR")), "DE"),
        (EdgeConfig(countries=allow("DE", "FR")), EdgeConfig(countries=deny("DE", "AQ")), "DE"),
        (EdgeConfig(countries=deny("AQ")), EdgeConfig(countries=allow("DE")), "anywhere but DE"),
        (NOBODY, firewall(deny("AQ")), "AQ"),
        (firewall(), firewall(allow("DE")), "anywhere but DE"),
        (firewall(deny("AQ"), mode="count"), firewall(deny("AQ")), "AQ"),
        (EdgeConfig(countries=allow("DE", "FR")), firewall(allow("DE")), "FR"),
    ],
)  # fmt: skip
def test_who_is_newly_refused_needs_the_label(
    before: EdgeConfig, after: EdgeConfig, who: str, assemble: Assemble, run_review: RunReview
) -> None:
    review = run_review(assemble(edge=before), assemble(edge=after))
    assert (review.status, lost(review.comment)) == (1, [f"callers from {who} {REFUSED}"])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (EdgeConfig(countries=deny("AQ", "AX")), EdgeConfig(countries=deny("AQ"))),
        (EdgeConfig(countries=allow("DE")), EdgeConfig(countries=allow("DE", "FR"))),
        (EdgeConfig(countries=allow("DE")), EdgeConfig(countries=deny("AQ"))),
        (EdgeConfig(countries=deny("AQ")), firewall(deny("AQ"))),
        (firewall(allow("DE")), EdgeConfig(countries=allow("DE"), firewall=FirewallConfig(rate="2000/5m"))),
        (firewall(deny("AQ")), firewall()),
        (NOBODY, firewall(deny("AQ"), mode="count")),
    ],
)
def test_who_is_let_in_or_only_counted_loses_nothing(
    before: EdgeConfig, after: EdgeConfig, assemble: Assemble, run_review: RunReview
) -> None:
    review = run_review(assemble(edge=before), assemble(edge=after))
    assert (review.status, lost(review.comment)) == (0, [])


def distribution(restriction: Any, firewall: Any = None) -> Json:
    config = {"Restrictions": {"GeoRestriction": restriction}, **({"WebACLId": firewall} if firewall else {})}
    return {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": config}}


def web_acl(*rules: Any) -> Json:
    return {"Type": "AWS::WAFv2::WebACL", "Properties": {"Scope": "CLOUDFRONT", "Rules": [*rules]}}


def blocking(*countries: str) -> Json:
    return {"Action": {"Block": {}}, "Statement": {"GeoMatchStatement": {"CountryCodes": [*countries]}}}


def listed(kind: str, *countries: str) -> Json:
    return {"RestrictionType": kind, "Locations": [*countries]}


OURS = {"Fn::GetAtt": ["Firewall", "Arn"]}


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        # Another one has refused them for long.
        (
            {"A": distribution(listed("blacklist", "AQ")), "B": distribution({})},
            {"A": distribution(listed("blacklist", "AQ")), "B": distribution(listed("blacklist", "AQ"))},
            [f"callers from AQ {REFUSED}"],
        ),
        # Another one lets in others.
        (
            {"A": distribution(listed("whitelist", "DE")), "B": distribution({})},
            {"A": distribution(listed("whitelist", "DE")), "B": distribution(listed("whitelist", "FR"))},
            [f"callers from anywhere but FR {REFUSED}"],
        ),
        # One that comes refuses nobody who called before.
        ({"A": distribution({})}, {"A": distribution({}), "B": distribution(listed("whitelist", "DE"))}, []),
        # A web ACL that is another one's, and one that the distribution gets.
        (
            {"A": distribution({}), "Firewall": web_acl()},
            {"A": distribution({}), "Firewall": web_acl(blocking("AQ"))},
            [],
        ),
        (
            {"A": distribution({}), "Firewall": web_acl(blocking("AQ"))},
            {"A": distribution({}, OURS), "Firewall": web_acl(blocking("AQ"))},
            [f"callers from AQ {REFUSED}"],
        ),
    ],
    ids=["denied elsewhere", "allowed elsewhere", "new", "not referred to", "attached"],
)
def test_each_distribution_of_a_stack_is_looked_at_by_itself(
    old: Json, new: Json, lines: list[str], review_resources: ReviewResources
) -> None:
    assert lost(review_resources(old, new).comment) == lines


@pytest.mark.parametrize("restriction", [None, {}, {"RestrictionType": "whitelist", "Locations": {"Ref": "Countries"}}])
def test_of_a_list_that_is_not_in_the_template_nothing_is_said(
    restriction: Any, review_resources: ReviewResources
) -> None:
    """It is among the other differences, as every property that changes."""
    old = {"A": distribution({"RestrictionType": "none"}, OURS), "Firewall": web_acl(None, {"Action": {"Block": {}}})}
    new = {"A": distribution(restriction, OURS), "Firewall": web_acl({"Ref": "Rules"})}
    review = review_resources(old, new)
    assert (review.status, lost(review.comment)) == (0, [])
    assert "GeoRestriction" in review.comment
