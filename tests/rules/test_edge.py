"""The edge's own settings: its name, countries, errors that are kept, and switches."""

from pathlib import Path
from typing import Any

import pytest

from tests.files import changed, get, report_on_data

LABEL = "a" * 56
CACHE = {"default": "1h", "max": "24h"}
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
ZONE = "Z0123456789ABCDEFGHIJ"

CERTIFICATE_FORM = (
    f"is not an ARN of a certificate in us-east-1, where CloudFront reads it; write one such as {CERTIFICATE}"
)

SHARED = (
    "one caller's 404 or 500 would be served to all others of that path, because the key of that cache has no "
    "Authorization"
)


def domain(**settings: Any) -> dict[str, Any]:
    return changed({"edge.domain": {"name": "ml.acme.com", **settings}})


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        # a name of its own
        (
            domain(),
            "domain.hosted_zone: missing; write hosted_zone with the id of a zone of Route 53, or the ARN of "
            "a certificate",
        ),
        (changed({"edge.domain": {"hosted_zone": ZONE}}), "domain.name: missing; write name: ml.acme.com"),
        (
            changed({"edge.domain": "ml.acme.com"}),
            f"domain: 'ml.acme.com' is not a map; write domain: {{hosted_zone: {ZONE}, name: ml.acme.com}}",
        ),
        *(
            (
                domain(name=name, hosted_zone=ZONE),
                f"domain.name: {name!r} is not a domain name; write one in lower case such as ml.acme.com",
            )
            for name in (
                "",
                "acme",
                "ML.acme.com",
                "*.acme.com",
                "ml..acme.com",
                "-ml.acme.com",
                "https://ml.acme.com",
                "ml.acme.com.",
                "10.0.0.1",
            )
        ),
        (
            domain(hosted_zone="acme.com"),
            f"domain.hosted_zone: 'acme.com' is not an id of a hosted zone; write one such as {ZONE}",
        ),
        (domain(certificate="ml.acme.com"), f"domain.certificate: 'ml.acme.com' {CERTIFICATE_FORM}"),
        (
            domain(certificate=CERTIFICATE.replace("us-east-1", "eu-west-1")),
            "domain.certificate: 'arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-1234...' "
            f"{CERTIFICATE_FORM}",
        ),
        (
            changed({"account": "999999999999", "edge.domain": {"name": "ml.acme.com", "certificate": CERTIFICATE}}),
            "domain.certificate: 'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-1234...' "
            "is of account 123456789012, but the gateway is of 999999999999; name one of that account",
        ),
        *(
            (
                domain(name=name, hosted_zone=ZONE),
                f"domain.name: {name!r} belongs to AWS; write a name below a domain of your own",
            )
            for name in ("d111111abcdef8.cloudfront.net", "cloudfront.net", "a1.execute-api.us-east-1.amazonaws.com")
        ),
        (
            domain(name=f"{LABEL}.acme.com", hosted_zone=ZONE),
            f"domain.name: '{LABEL}.acme.com' has 65 characters, and ACM takes 64 for the first name of a "
            "certificate; write a shorter one, or a certificate of your own",
        ),
        # countries
        (
            changed({"edge.countries": {"allow": ["UK"]}}),
            "countries.allow[0]: 'UK' is not a country; did you mean 'GB'?",
        ),
        *(
            (
                changed({"edge.countries": {key: ["AL", "XK"]}}),
                f"countries.{key}: 'XK' is known to AWS WAF alone; leave it out, or write firewall.countries",
            )
            for key in ("allow", "deny")
        ),
        # errors that are kept
        (
            changed({"edge.error_caching": "10s"}),
            f"error_caching: 10s needs edge.cache: without it {SHARED}; write edge.cache, or leave the line out",
        ),
        # Beside such a model edge.cache needs cache: 0s there, where no error may be kept either.
        (
            changed({"edge.error_caching": "10s", "models.a": get("/a", stream=True)}),
            f"error_caching: 10s needs edge.cache: without it {SHARED}; leave the line out",
        ),
        (
            changed(
                {
                    "edge": {"error_caching": "10s", "cache": CACHE},
                    "models.a": get("/a", cache="0s"),
                    "models.b": get("/b", cache="0s"),
                }
            ),
            f"error_caching: 10s cannot be beside cache: 0s of model 'a': there {SHARED}; leave one of the two out",
        ),
        (
            changed({"edge": {"error_caching": "1ms", "cache": CACHE}}),
            "error_caching: 1ms is not a lifetime of CloudFront; write whole seconds, such as 1s",
        ),
        # the rest
        (
            changed({"edge.security_headers": "yes"}),
            "security_headers: 'yes' is not true or false; write security_headers: true",
        ),
        (changed({"edge.access_log": 1}), "access_log: 1 is not true or false; write access_log: true"),
        (
            changed({"edge.price_class": "PriceClass_all"}),
            "price_class: 'PriceClass_all' is not known here; did you mean 'PriceClass_All'?",
        ),
        (
            changed({"edge.price_class": 100}),
            "price_class: 100 is not known here; write one of PriceClass_100, PriceClass_200, PriceClass_All",
        ),
    ],
)
def test_what_the_edge_cannot_do_is_refused(tmp_path: Path, settings: dict[str, Any], line: str) -> None:
    assert report_on_data(settings, tmp_path) == [f"edge.{line}"]


@pytest.mark.parametrize(
    "settings",
    [
        domain(hosted_zone=ZONE),
        domain(certificate=CERTIFICATE),
        domain(name="a-b.xn--bcher-kva.example", certificate=CERTIFICATE, hosted_zone=ZONE),
        changed({"account": "123456789012", "edge.domain": {"name": "ml.acme.com", "certificate": CERTIFICATE}}),
        changed({"edge": {"error_caching": "10s", "cache": CACHE}, "models.a": get("/a", cache="60s")}),
        domain(name=f"{LABEL}.acme.de", hosted_zone=ZONE, origin="apis.acme.de"),
        domain(name=f"{LABEL}.acme.com", certificate=CERTIFICATE),
        domain(name="notcloudfront.net", hosted_zone=ZONE),
        changed({"edge.error_caching": "0s"}),
        changed({"edge": {"security_headers": True, "access_log": True, "price_class": "PriceClass_100"}}),
    ],
)
def test_what_the_edge_can_do_is_taken(tmp_path: Path, settings: dict[str, Any]) -> None:
    assert report_on_data(settings, tmp_path) == []


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"edge": {"error_caching": "10s", "cache": {"default": "1h"}}}, "edge.cache.max"),
        ({"edge": {"error_caching": "10s", "cache": "0s"}}, "edge.cache"),
        ({"edge": {"error_caching": "10s", "cache": "60"}}, "edge.cache"),
        ({"edge": {"error_caching": "10s", "cache": None}}, "edge.cache"),
        ({"edge": {"error_caching": "10s", "cache": "0s"}, "models.a": get("/a", stream=True)}, "edge.cache"),
        (
            {"edge.domain": {"name": f"{LABEL}.acme.com", "hosted_zone": ZONE, "certificate": "x"}},
            "edge.domain.certificate",
        ),
        ({"edge": {"error_caching": "10s", "cache": CACHE}, "models.a": get("/a", cache="0")}, "models.a.cache"),
        ({"account": "1", "edge.domain": {"name": "ml.acme.com", "certificate": CERTIFICATE}}, "account"),
        ({"edge.domain": {"name": "ml.acme.com", "certificate": "x"}}, "edge.domain.certificate"),
    ],
)
def test_what_only_follows_from_another_problem_is_not_told(
    tmp_path: Path, changes: dict[str, Any], place: str
) -> None:
    assert [line.partition(": ")[0] for line in report_on_data(changed(changes), tmp_path)] == [place]


def test_what_is_said_of_kept_errors_without_a_cache_leads_to_no_further_conflict(tmp_path: Path) -> None:
    settings = changed({"edge.error_caching": "10s", "models.a": get("/a", cache="0s")})
    assert report_on_data(settings, tmp_path) == [
        "models.a.cache: 0s has no effect without edge.cache, as nothing is kept then; leave the line out",
        f"edge.error_caching: 10s needs edge.cache: without it {SHARED}; leave the line out",
    ]
    assert report_on_data(changed({"models.a": get("/a")}), tmp_path) == []
