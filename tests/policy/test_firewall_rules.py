"""Each rule about firewalls at the edge holds for ours, and refuses one that was broken on purpose."""

import copy
from collections.abc import Callable

import pytest

from ml_gateway.policy import HouseRule, Template
from ml_gateway.policy import firewall_action_rules as actions
from ml_gateway.policy import firewall_rules as rules
from tests.policy.broken_firewalls import BROKEN_FIREWALLS
from tests.policy.reading import broken_rules
from tests.synthesis import Json, Templates

FIREWALL_RULES = (*rules.FIREWALL_RULES, *actions.FIREWALL_ACTION_RULES)


@pytest.mark.parametrize("checked", FIREWALL_RULES, ids=lambda checked: checked.check.__name__)
def test_every_firewall_keeps_the_rule(checked: HouseRule, firewalls: Templates) -> None:
    assert all(len(list(checked.subjects(Template.of(template)))) == 1 for template in firewalls.values())
    assert {name: found for name, template in firewalls.items() if (found := broken_rules(template, [checked]))} == {}


@pytest.mark.parametrize(
    ("checked", "firewall", "break_it"),
    [case[1:] for case in BROKEN_FIREWALLS],
    ids=[case[0] for case in BROKEN_FIREWALLS],
)
def test_rule_refuses_the_broken_variant(
    checked: HouseRule, firewall: str, break_it: Callable[[Json], object], firewalls: Templates
) -> None:
    broken = copy.deepcopy(firewalls[firewall])
    break_it(broken)
    assert checked.id in broken_rules(broken)


def test_each_rule_has_a_broken_variant() -> None:
    assert {checked.id for _, checked, _, _ in BROKEN_FIREWALLS} == {checked.id for checked in FIREWALL_RULES}


def test_capacity_stays_within_what_the_price_includes(firewalls: Templates) -> None:
    taken = {
        name: rules.capacity(web_acl)
        for name, template in firewalls.items()
        for web_acl in Template.of(template).all_of("AWS::WAFv2::WebACL")
    }
    assert (taken["small"], taken["blocking"]) == (927, 1140)
    assert rules.INCLUDED_CAPACITY == 1500
