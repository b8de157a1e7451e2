"""The rules of the web ACL at the edge: who may call at all, how often, and then what AWS manages.

Each rule blocks or lets the next one look: to *allow* a caller would skip all rules that follow.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aws_cdk import aws_wafv2 as wafv2

from ml_gateway.config import CountriesConfig, RequestWindow
from ml_gateway.constructs.edge_answers import EdgeAnswers
from ml_gateway.constructs.managed_rules import COMMON, COUNT, IP_REPUTATION, KNOWN_BAD_INPUTS, render_group
from ml_gateway.constructs.web_acl import render_not, render_visibility
from ml_gateway.credentials import KEY_FORMS, KeyForm
from ml_gateway.errors import BLOCKED, THROTTLED_AT_EDGE, GatewayError

EDGE_GROUPS: Final = (IP_REPUTATION, KNOWN_BAD_INPUTS, COMMON)
"""The cheapest to look at first: what it blocks, the others need not see."""

_SAME_KEY: Final = ("COMPRESS_WHITE_SPACE", "LOWERCASE")
"""All texts that the edge function takes for one key become one: it takes `Bearer` in any capitals, one space and the
key, and nothing around it. Keys that differ in capitals alone do not happen: they are long and random."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EdgeRule:
    """A rule of our own: which requests it is about, and what their callers read."""

    name: str
    statement: wafv2.CfnWebACL.StatementProperty
    error: GatewayError = BLOCKED


def address_rules(
    *, denied: wafv2.CfnWebACL.StatementProperty | None, allowed: wafv2.CfnWebACL.StatementProperty | None
) -> Iterator[EdgeRule]:
    """Who comes from a denied address, and then who comes from anywhere but an allowed one."""
    if denied is not None:
        yield EdgeRule(name="DeniedAddresses", statement=denied)
    if allowed is not None:
        yield EdgeRule(name="AllowedAddresses", statement=render_not(allowed))


def country_rules(countries: CountriesConfig | None) -> Iterator[EdgeRule]:
    """An address of which WAF knows no country is in none of them: denied by allow, and not by deny."""
    if countries is not None and countries.deny:
        yield EdgeRule(name="DeniedCountries", statement=_render_countries(countries.deny))
    if countries is not None and countries.allow:
        yield EdgeRule(name="AllowedCountries", statement=render_not(_render_countries(countries.allow)))


def rate_rules(*, rate: RequestWindow, key_rates: Mapping[KeyForm, RequestWindow]) -> Iterator[EdgeRule]:
    """The rate of each address, and of each key, by the form in which it comes.

    WAF looks before the edge function does: a key still lies in the header in which its client sent it. A rule for
    each form, because several custom keys in one rule count together as one, and a request that lacks any of them is
    left out of the rule altogether (AWS WAF API reference, RateBasedStatementCustomKey). So no rule here concerns a
    request without its header.
    """
    yield EdgeRule(
        name="AddressRate",
        error=THROTTLED_AT_EDGE,
        statement=wafv2.CfnWebACL.StatementProperty(
            rate_based_statement=wafv2.CfnWebACL.RateBasedStatementProperty(
                aggregate_key_type="IP", limit=rate.requests, evaluation_window_sec=60 * rate.minutes
            )
        ),
    )
    for form, header in KEY_FORMS.items():
        if form in key_rates:
            yield EdgeRule(
                name=f"KeyRate-{form}", error=THROTTLED_AT_EDGE, statement=_render_key_rate(header, key_rates[form])
            )


def render_edge_rules(
    rules: Sequence[EdgeRule], *, answers: EdgeAnswers, rehearsal: bool
) -> list[wafv2.CfnWebACL.RuleProperty]:
    """Our rules in their order, then the managed groups. In a `rehearsal` all of them only count."""
    own = [
        wafv2.CfnWebACL.RuleProperty(
            name=rule.name,
            priority=priority,
            action=COUNT if rehearsal else answers.render_refusal(rule.error),
            statement=rule.statement,
            visibility_config=render_visibility(rule.name),
        )
        for priority, rule in enumerate(rules)
    ]
    refusal = COUNT if rehearsal else answers.render_refusal(BLOCKED)
    groups = [
        render_group(group, priority=priority, refusal=refusal)
        for priority, group in enumerate(EDGE_GROUPS, start=len(own))
    ]
    return [*own, *groups]


def _render_countries(countries: tuple[str, ...]) -> wafv2.CfnWebACL.StatementProperty:
    return wafv2.CfnWebACL.StatementProperty(
        geo_match_statement=wafv2.CfnWebACL.GeoMatchStatementProperty(country_codes=list(countries))
    )


def _render_key_rate(header: str, rate: RequestWindow) -> wafv2.CfnWebACL.StatementProperty:
    key = wafv2.CfnWebACL.RateLimitHeaderProperty(
        name=header,
        text_transformations=[
            wafv2.CfnWebACL.TextTransformationProperty(priority=priority, type=kind)
            for priority, kind in enumerate(_SAME_KEY)
        ],
    )
    return wafv2.CfnWebACL.StatementProperty(
        rate_based_statement=wafv2.CfnWebACL.RateBasedStatementProperty(
            aggregate_key_type="CUSTOM_KEYS",
            custom_keys=[wafv2.CfnWebACL.RateBasedStatementCustomKeyProperty(header=key)],
            limit=rate.requests,
            evaluation_window_sec=60 * rate.minutes,
        )
    )
