"""Firewalls at the edge in a stack that is not ours, with everything and with as little as possible."""

from datetime import timedelta
from typing import Any

from ml_gateway import AddressesConfig, CountriesConfig, FirewallDesign, RequestWindow
from ml_gateway.constructs import EdgeFirewall
from ml_gateway.credentials import KEY_FORMS
from tests.synthesis import Json, bare_stack, template_of

RATE = RequestWindow(2000, 5)
KEY_RATE = RequestWindow(30_000, 10)
ADDRESSES = AddressesConfig(allow=("203.0.113.0/24", "2001:db8:1::/48"), deny=("198.51.100.0/24", "2001:db8:2::/48"))


def firewalled(firewall: FirewallDesign, *, region: str | None = "us-east-1", **settings: Any) -> Json:
    """The template of a stack with this firewall alone."""
    stack = bare_stack(region=region)
    EdgeFirewall(stack, "Firewall", gateway_name="fraud", firewall=firewall, **settings)
    return template_of(stack)


def small_firewall(**settings: Any) -> Json:
    return firewalled(FirewallDesign(rate=RATE), **settings)


def full_firewall(mode: Any = "block", **countries: tuple[str, ...]) -> Json:
    """Every rule that there is, in the reading of `countries`: allow by default."""
    return firewalled(
        FirewallDesign(
            rate=RATE,
            key_rates=dict.fromkeys(KEY_FORMS, KEY_RATE),
            mode=mode,
            addresses=ADDRESSES,
            countries=CountriesConfig(**(countries or {"allow": ("DE",)})),
        ),
        dialect="openai",
        cors=True,
        log_retention=timedelta(days=14),
    )


def each_firewall() -> dict[str, Json]:
    """By their names in tests/policy/broken_firewalls.py."""
    return {
        "blocking": full_firewall(),
        "denying": full_firewall(deny=("AQ",)),
        "rehearsal": full_firewall(mode="count"),
        "small": small_firewall(),
    }


def overrides(rule: Json) -> dict[str, Json]:
    """What single rules of a managed group do instead of what AWS has them do."""
    group = rule["Statement"]["ManagedRuleGroupStatement"]
    return {one["Name"]: one["ActionToUse"] for one in group.get("RuleActionOverrides", [])}
