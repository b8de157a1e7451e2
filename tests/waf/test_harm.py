"""What somebody tries who means harm: what is stopped, and what is known to pass."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ml_gateway.credentials import KEY_FORMS
from tests.constructs.multi_tenant import multi_tenant_template
from tests.policy.broken_firewalls import KNOWN_BAD
from tests.synthesis import Templates
from tests.waf.callers import HEADERS, KEY, SECRET, call
from tests.waf.refused import LOG4J
from tests.waf.requests import Request
from tests.waf.settings import NotModelledError
from tests.waf.web_acl import WebAcl

LIMIT_OF_A_KEY = 30_000
OLD, NEW, OLDER = "1" * 64, "2" * 64, "0" * 64
PADDING = "a" * 8192
"""A header behind which WAF sees no other."""


@pytest.fixture(scope="module")
def lock() -> Callable[[Request], str | None]:
    """Whom the lock of a gateway in its second generation stops, and by which rule."""
    template = multi_tenant_template(generation=2)
    secrets = {"fraud/origin/1": OLD, "fraud/origin/2": NEW}
    return lambda request: WebAcl(template, secrets=secrets).decide(request).rule


@pytest.mark.parametrize("secret", [OLD, NEW])
def test_two_generations_open_the_lock(secret: str, lock: Callable[[Request], str | None]) -> None:
    assert lock(call(x_origin_verify=secret)) is None


@pytest.mark.parametrize(
    "secret",
    [OLDER, NEW[:-1], NEW + "x", "x" + NEW, f"{OLD}{NEW}", f"{OLD},{NEW}", f"{NEW}, x", f"{NEW}\xa0", "", "*",
     f'"{NEW}"', "{{resolve:secretsmanager:fraud/origin/2:SecretString:::}}", "Mg=="],
)  # fmt: skip
def test_nothing_that_is_almost_a_secret_opens_it(secret: str, lock: Callable[[Request], str | None]) -> None:
    assert lock(call(x_origin_verify=secret)) == "OriginLock"


def test_capitals_make_another_secret(templates_of: Callable[[str], Templates]) -> None:
    web_acl = WebAcl(templates_of("multi_tenant")["api"], secrets={"tenants-ml/origin/1": SECRET})
    assert web_acl.decide(call()).rule is None
    assert web_acl.decide(call(x_origin_verify=SECRET.upper())).rule == "OriginLock"
    assert web_acl.decide(call(x_origin_verify=SECRET.lower())).rule == "OriginLock"


@pytest.mark.parametrize("header", ["x-origin-verify-", "x_origin_verify", "origin-verify", "x-api-key", "cookie"])
def test_no_other_header_opens_it(header: str, lock: Callable[[Request], str | None]) -> None:
    assert lock(replace(call(), headers=(*HEADERS[:-1], (header, NEW)))) == "OriginLock"


def test_two_wrong_ones_do_not_open_it_and_of_a_right_one_among_two_no_page_tells(
    lock: Callable[[Request], str | None],
) -> None:
    """CloudFront sends one, whatever a viewer sends: two come from who knows the secret anyway."""
    twice = [(*HEADERS[:-1], ("X-Origin-Verify", first), ("x-origin-verify", OLDER)) for first in (OLDER, NEW)]
    wrong, right = (replace(call(), headers=headers) for headers in twice)
    assert lock(wrong) == "OriginLock"
    with pytest.raises(NotModelledError, match="several headers of one name"):
        lock(right)


def test_a_secret_behind_more_headers_than_waf_sees_does_not_open_it(lock: Callable[[Request], str | None]) -> None:
    """The lock stays shut. So it may for a caller whose headers are as long: no page tells in which order they come."""
    assert lock(call(x_origin_verify=NEW, x_padding=PADDING)) is None
    assert lock(call(x_padding=PADDING, x_origin_verify=NEW)) == "OriginLock"


@pytest.fixture
def firewall(firewalls: Templates) -> WebAcl:
    """Each with counts of its own."""
    return WebAcl(firewalls["blocking"], secrets={})


def spend(firewall: WebAcl, *requests: Request) -> None:
    """Up to the limit of a key, in equal parts."""
    for request in requests:
        firewall.decide(request, times=LIMIT_OF_A_KEY // len(requests))


def from_many(**headers: Any) -> list[Request]:
    """More addresses than the rate of one would notice."""
    return [call(address=f"203.0.113.{number}", **headers) for number in range(100, 120)]


@pytest.mark.parametrize("spelling", ["bearer {}", "BEARER {}", "Bearer  {}", "Bearer\t{}", " Bearer {} "])
def test_a_key_is_counted_however_it_is_spelled(spelling: str, firewall: WebAcl) -> None:
    spend(firewall, *from_many(authorization=spelling.format(KEY)))
    assert firewall.decide(call()).rule == "KeyRate-bearer"


@pytest.mark.parametrize("header", KEY_FORMS.values())
def test_a_rate_of_one_form_says_nothing_of_the_others(header: str, firewall: WebAcl) -> None:
    """A key in two forms is counted apart for each; its plan holds for both."""
    sent: dict[str, Any] = {"authorization": None, header.replace("-", "_"): KEY}
    others: dict[str, Any] = {other.replace("-", "_"): KEY for other in KEY_FORMS.values() if other != header}
    spend(firewall, *from_many(**sent))
    assert firewall.decide(call(**sent)).answer is not None
    assert firewall.decide(call(**{"authorization": None, **others})).answer is None


def test_who_sends_another_key_each_time_meets_the_rate_of_the_address(firewall: WebAcl) -> None:
    for number in range(100):
        assert firewall.decide(call(authorization=f"Bearer {number}"), times=20).answer is None
    assert firewall.decide(call(authorization="Bearer 100")).rule == "AddressRate"


def test_who_comes_from_another_address_each_time_meets_the_rate_of_the_key(firewall: WebAcl) -> None:
    spend(firewall, *[call(address=f"2001:db8:1::{number:x}") for number in range(1, 301)])
    assert firewall.decide(call(address="2001:db8:1:ffff::")).rule == "KeyRate-bearer"


def test_who_changes_both_meets_no_rate(firewall: WebAcl) -> None:
    """A /64 of IPv6 has more addresses than anybody can count: docs/firewall.md says so."""
    found = [
        firewall.decide(call(address=f"2001:db8:1::{number:x}", authorization=f"Bearer {number}"), times=1000)
        for number in range(1, 101)
    ]
    assert [decision.answer for decision in found] == [None] * 100


def test_an_address_of_ipv6_counts_once_however_it_is_written(firewall: WebAcl) -> None:
    firewall.decide(call(address="2001:db8:1::a"), times=2000)
    assert firewall.decide(call(address="2001:0DB8:0001:0:0:0:0:000A")).rule == "AddressRate"


@pytest.mark.parametrize("address", ["2001:db8:2::1", "2001:0DB8:0002::1", "198.51.100.7"])
def test_who_is_denied_is_in_whatever_spelling(address: str, firewall: WebAcl) -> None:
    assert firewall.decide(call(address=address)).rule == "DeniedAddresses"


def test_a_header_that_claims_an_address_changes_nothing(firewall: WebAcl) -> None:
    assert firewall.decide(call(address="192.0.2.1", x_forwarded_for="203.0.113.5")).rule == "AllowedAddresses"
    firewall.decide(call(x_forwarded_for="203.0.113.99"), times=2000)
    assert firewall.decide(call(x_forwarded_for="203.0.113.98")).rule == "AddressRate"


def test_how_a_key_that_comes_twice_is_counted_no_page_tells(firewall: WebAcl) -> None:
    """The edge function takes it for none: functions/test_assembly.py."""
    twice = replace(call(), headers=(*HEADERS, ("authorization", KEY)))
    with pytest.raises(NotModelledError, match="no page says how several headers authorization are counted"):
        firewall.decide(twice)


def test_a_key_behind_more_headers_than_waf_sees_is_counted_by_its_address_alone(firewall: WebAcl) -> None:
    """By AWS's page on sizes, if it holds for single headers: the plan of the key holds whatever WAF counts."""
    hidden = from_many(x_padding=PADDING, authorization=f"Bearer {KEY}")
    spend(firewall, *hidden)
    assert firewall.decide(hidden[0]).answer is None
    assert firewall.decide(hidden[0], times=500).answer is None
    assert firewall.decide(hidden[0]).rule == "AddressRate"


def test_an_exploit_beyond_the_first_64_kb_of_a_body_passes(firewall: WebAcl) -> None:
    """Prompts are longer than that. Who keeps such bodies out keeps models from their work."""
    within, beyond = (b" " * size + LOG4J.encode() for size in (64 * 1024 - len(LOG4J), 64 * 1024))
    assert firewall.decide(call(body=within)).rule == f"{KNOWN_BAD}/Log4JRCE_BODY"
    assert firewall.decide(call(body=beyond)).answer is None
