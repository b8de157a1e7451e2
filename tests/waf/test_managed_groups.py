"""Each rule of AWS that we name has a stub, and each stub is of a rule that we name."""

import copy

import pytest

from ml_gateway.constructs.managed_rules import COMMON, IP_REPUTATION, KNOWN_BAD_INPUTS, ManagedGroup
from tests.policy.broken_firewalls import REPUTATION, rule
from tests.synthesis import Templates
from tests.waf.callers import call
from tests.waf.managed_groups import COUNTS_BY_ITSELF, MANAGED_GROUPS
from tests.waf.web_acl import Answer, WebAcl

GROUPS = (IP_REPUTATION, KNOWN_BAD_INPUTS, COMMON)


def test_the_groups_with_stubs_are_those_that_we_use() -> None:
    assert set(MANAGED_GROUPS) == {group.name for group in GROUPS}


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_each_rule_has_a_stub_and_each_stub_a_rule(group: ManagedGroup) -> None:
    assert set(MANAGED_GROUPS[group.name]) - COUNTS_BY_ITSELF == {*group.blocking, *group.counted}


def test_what_counts_by_itself_is_a_rule_of_a_group() -> None:
    assert {name for stubs in MANAGED_GROUPS.values() for name in stubs} >= COUNTS_BY_ITSELF


def with_one_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that AWS adds later, and that meets everybody."""
    stubs = {**MANAGED_GROUPS[REPUTATION], "AddedLater": lambda _: True}
    monkeypatch.setitem(MANAGED_GROUPS, REPUTATION, stubs)


def test_a_rule_that_aws_adds_later_blocks_with_its_own_page(
    firewalls: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_one_more(monkeypatch)
    decision = WebAcl(firewalls["small"], secrets={}).decide(call())
    assert (decision.rule, decision.answer) == (f"{REPUTATION}/AddedLater", Answer(status=403))


def test_in_a_rehearsal_it_counts(firewalls: Templates, monkeypatch: pytest.MonkeyPatch) -> None:
    with_one_more(monkeypatch)
    decision = WebAcl(firewalls["rehearsal"], secrets={}).decide(call())
    assert (decision.rule, decision.counted) == (None, (REPUTATION,))


def test_and_blocks_where_the_group_as_a_whole_does_not_count(
    firewalls: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_one_more(monkeypatch)
    broken = copy.deepcopy(firewalls["rehearsal"])
    rule(broken, REPUTATION)["OverrideAction"] = {"None": {}}
    assert WebAcl(broken, secrets={}).decide(call()).rule == f"{REPUTATION}/AddedLater"
