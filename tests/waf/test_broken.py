"""What is broken on purpose is noticed by what is expected of all web ACLs, or is refused as what nobody modelled."""

import copy

import pytest

from ml_gateway.policy.client_rules import lock_blocks_what_is_not_proven, lock_compares_the_secret_as_it_is
from ml_gateway.policy.firewall_action_rules import firewall_logs_what_is_refused, waf_stores_no_credential
from tests.constructs.test_multi_tenant import BROKEN
from tests.policy.broken_firewalls import BROKEN_FIREWALLS
from tests.synthesis import Json, Templates, TemplatesOf
from tests.waf.broken_web_acls import BROKEN_BLOCKING, BROKEN_LOCKS, Break, broken_rule_by_rule
from tests.waf.expectations import unmet
from tests.waf.web_acls import OF_EXAMPLES, OF_FIREWALLS, Expected

LOCK = ("multi_tenant", "api")
ABOUT_WHAT_IS_STORED = (waf_stores_no_credential, firewall_logs_what_is_refused)
DECIDE_NOTHING = {
    # https://docs.aws.amazon.com/waf/latest/APIReference/API_SingleHeader.html; house rules keep them small anyway.
    "a header in capitals",
    "header in capitals",
    # All its rules count. What the group as a whole is for: test_managed_groups.py.
    "a rehearsal with a group that blocks",
}

FIREWALLS: list[tuple[str, str, Break]] = [
    *((what, name, break_it) for what, checked, name, break_it in BROKEN_FIREWALLS
      if checked not in ABOUT_WHAT_IS_STORED and what not in DECIDE_NOTHING),
    *((what, "blocking", break_it) for what, break_it in BROKEN_BLOCKING),
]  # fmt: skip
LOCKS: list[tuple[str, Break]] = [
    *BROKEN_LOCKS,
    *((what, break_it) for what, checked, break_it in BROKEN
      if checked in (lock_blocks_what_is_not_proven, lock_compares_the_secret_as_it_is) and what not in DECIDE_NOTHING),
]  # fmt: skip
UNNOTICED: list[tuple[str, str, Break]] = [
    (what, name, break_it) for what, checked, name, break_it in BROKEN_FIREWALLS
    if checked in ABOUT_WHAT_IS_STORED or what in DECIDE_NOTHING
]  # fmt: skip


def broken(template: Json, break_it: Break) -> Json:
    changed = copy.deepcopy(template)
    break_it(changed)
    return changed


@pytest.mark.parametrize(
    ("name", "break_it"), [each[1:] for each in FIREWALLS], ids=[each[0] for each in FIREWALLS]
)  # fmt: skip
def test_a_broken_firewall_is_noticed(name: str, break_it: Break, firewalls: Templates) -> None:
    assert next(unmet(broken(firewalls[name], break_it), OF_FIREWALLS[name]), None)


@pytest.mark.parametrize("break_it", [each[1] for each in LOCKS], ids=[each[0] for each in LOCKS])
def test_a_broken_lock_is_noticed(break_it: Break, templates_of: TemplatesOf) -> None:
    example, stack = LOCK
    assert next(unmet(broken(templates_of(example)[stack], break_it), OF_EXAMPLES[LOCK]), None)


@pytest.mark.parametrize(
    ("name", "rules"), [("blocking", OF_FIREWALLS["blocking"].rules), ("denying", ["DeniedCountries"])]
)
def test_each_rule_of_a_firewall_is_noticed_where_it_is_broken(
    name: str, rules: list[str], firewalls: Templates
) -> None:
    assert unnoticed(firewalls[name], OF_FIREWALLS[name], rules) == []


def test_each_rule_of_a_lock_is_noticed_where_it_is_broken(templates_of: TemplatesOf) -> None:
    example, stack = LOCK
    assert unnoticed(templates_of(example)[stack], OF_EXAMPLES[LOCK], OF_EXAMPLES[LOCK].rules) == []


def unnoticed(template: Json, expected: Expected, rules: list[str]) -> list[str]:
    """Those of the rules that may be broken in a way that no expectation about them notices."""
    ways = list(broken_rule_by_rule(rules))
    assert ways
    return [
        f"{rule} {how}"
        for rule, how, break_it in ways
        if not any(found.startswith(rule) for found in unmet(broken(template, break_it), expected))
    ]


@pytest.mark.parametrize(
    ("name", "break_it"), [each[1:] for each in UNNOTICED], ids=[each[0] for each in UNNOTICED]
)  # fmt: skip
def test_what_is_noticed_elsewhere_decides_nothing(name: str, break_it: Break, firewalls: Templates) -> None:
    """By the house rules: policy/test_firewall_rules.py."""
    assert list(unmet(broken(firewalls[name], break_it), OF_FIREWALLS[name])) == []
