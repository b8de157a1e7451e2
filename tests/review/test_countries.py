"""Reviews of who is let in by country."""

from typing import Any

import pytest

from ml_gateway import EdgeConfig
from ml_gateway.config import CountriesConfig, FirewallConfig
from tests.review.apis import lost
from tests.review.conftest import Assemble, ReviewResources, RunReview


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


@pytest.mark.parametrize("restriction", [None, {}, {"RestrictionType": "whitelist", "Locations": {"Ref": "Countries"}}])
def test_a_list_that_nobody_can_read_is_compared_as_text(restriction: Any, review_resources: ReviewResources) -> None:
    old, new = (
        {
            "Edge": {
                "Type": "AWS::CloudFront::Distribution",
                "Properties": {"DistributionConfig": {"Restrictions": {"GeoRestriction": each}}},
            },
            "Firewall": {"Type": "AWS::WAFv2::WebACL", "Properties": {"Scope": "CLOUDFRONT", "Rules": rules}},
        }
        for each, rules in (({}, [None, {"Action": {"Block": {}}}]), (restriction, {"Ref": "Rules"}))
    )
    assert review_resources(old, new).status == 0
