"""Rules, actions, rates and groups work together as AWS WAF's pages say."""

from dataclasses import replace

import pytest

from tests.policy.broken_firewalls import COMMON, KNOWN_BAD, REPUTATION
from tests.synthesis import Json
from tests.waf.built import ALLOW, BLOCK, COUNT, EVERYBODY, body_match, built, group, rule
from tests.waf.callers import call
from tests.waf.settings import NotModelledError
from tests.waf.web_acl import Answer

PLAIN = Answer(status=403)


def test_rules_look_in_the_order_of_their_priorities() -> None:
    assert built(rule(EVERYBODY, "late", 7), rule(EVERYBODY, "early", 3)).decide(call()).rule == "early"
    assert built(rule(EVERYBODY, "late", 7), rule(EVERYBODY, "early", 3)).rules() == ["early", "late"]


def test_count_goes_on_and_block_and_allow_end_it() -> None:
    counts, allows, blocks = (rule(EVERYBODY, *each) for each in (("c", 0, COUNT), ("a", 1, ALLOW), ("b", 2, BLOCK)))
    allowed, blocked = built(counts, allows, blocks).decide(call()), built(counts, blocks).decide(call())
    assert (allowed.rule, allowed.answer, allowed.counted) == ("a", None, ("c",))
    assert (blocked.rule, blocked.answer, blocked.counted) == ("b", PLAIN, ("c",))


@pytest.mark.parametrize(("default", "answer"), [(ALLOW, None), (BLOCK, PLAIN)])
def test_whom_no_rule_ends_meets_the_default(default: Json, answer: Answer | None) -> None:
    decision = built(rule(EVERYBODY), DefaultAction=default).decide(call(country="AQ"))
    assert (decision.rule, decision.answer) == (None, answer)


def test_a_custom_answer_has_the_body_that_it_names() -> None:
    custom = {"ResponseCode": 429, "CustomResponseBodyKey": "slow", "ResponseHeaders": [{"Name": "a", "Value": "b"}]}
    bodies = {"slow": {"Content": "{}", "ContentType": "APPLICATION_JSON"}}
    blocks = rule(EVERYBODY, action={"Block": {"CustomResponse": custom}})
    assert built(blocks, CustomResponseBodies=bodies).decide(call()).answer == Answer(
        status=429, content_type="application/json", body="{}", headers=(("a", "b"),)
    )
    with pytest.raises(NotModelledError, match="names the body slow, which is none of other"):
        built(blocks, CustomResponseBodies={"other": bodies["slow"]}).decide(call())


def rate(limit: int = 10, seconds: int = 60, *, scope: Json | None = None, headers: tuple[str, ...] = ()) -> Json:
    keys = [
        {"Header": {"Name": header, "TextTransformations": [{"Priority": 0, "Type": "LOWERCASE"}]}}
        for header in headers
    ]
    counted: Json = {"AggregateKeyType": "CUSTOM_KEYS", "CustomKeys": keys} if keys else {"AggregateKeyType": "IP"}
    scoped = {} if scope is None else {"ScopeDownStatement": scope}
    return {"RateBasedStatement": {"Limit": limit, "EvaluationWindowSec": seconds, **counted, **scoped}}


def test_a_rate_lets_its_limit_through_in_the_window_that_ends_now() -> None:
    web_acl = built(rule(rate()))
    assert [web_acl.decide(call(), at=second).rule for second in (0, *[30] * 9)] == [None] * 10
    assert web_acl.decide(call(), at=59).rule == "rule"
    # What it refuses it counts, too: the nine of the 30th second and that one are still there.
    assert web_acl.decide(call(), at=61).rule == "rule"
    assert web_acl.decide(call(), at=150).rule is None


def test_each_address_has_a_count_of_its_own_however_it_is_written() -> None:
    web_acl = built(rule(rate()))
    web_acl.decide(call(address="2001:db8::1"), times=10)
    assert web_acl.decide(call(address="2001:0DB8:0::1")).rule == "rule"
    assert web_acl.decide(call(address="2001:db8::2")).rule is None


def test_keys_count_together_and_who_lacks_one_is_left_out() -> None:
    web_acl = built(rule(rate(headers=("x-a", "x-b"))))
    web_acl.decide(call(x_a="K", x_b="1"), times=10)
    assert web_acl.decide(call(x_a="k", x_b="1")).rule == "rule"
    assert web_acl.decide(call(x_a="k", x_b="2")).rule is None
    assert web_acl.decide(call(x_a="k"), times=100).rule is None
    assert web_acl.decide(call(x_a="k")).rule is None


def test_a_scope_down_statement_leaves_requests_out_of_count_and_limit() -> None:
    web_acl = built(rule(rate(scope=body_match("a"))))
    web_acl.decide(call(body=b"b"), times=100)
    assert web_acl.decide(call(body=b"a"), times=10).rule is None
    assert web_acl.decide(call(body=b"a")).rule == "rule"
    assert web_acl.decide(call(body=b"b")).rule is None


def test_what_an_earlier_rule_ended_no_rate_counts() -> None:
    web_acl = built(rule(body_match("bad"), "first"), rule(rate(), priority=1))
    web_acl.decide(call(body=b"bad"), times=100)
    assert web_acl.decide(call()).rule is None


def test_a_rate_labels_whom_it_limits_alone() -> None:
    web_acl = built(rule(rate(), action=COUNT, RuleLabels=[{"Name": "often"}]))
    assert not web_acl.decide(call(), times=10).labels
    assert web_acl.decide(call()).labels == {"awswaf:111122223333:webacl:built:often"}


SCRIPT = call(body=b"<script", user_agent="nmap")


def test_a_rule_of_a_group_that_counts_lets_the_next_ones_look() -> None:
    decision = built(group(COMMON, ("UserAgent_BadBots_HEADER", COUNT))).decide(SCRIPT)
    assert (decision.rule, decision.answer) == (f"{COMMON}/CrossSiteScripting_BODY", PLAIN)
    assert decision.counted == (f"{COMMON}/UserAgent_BadBots_HEADER",)


def test_a_group_that_counts_is_evaluated_alike_and_lets_the_next_rules_look() -> None:
    decision = built(group(COMMON, override="Count"), rule(EVERYBODY, priority=1)).decide(SCRIPT)
    assert (decision.rule, decision.counted) == ("rule", (COMMON,))


def test_a_rule_of_a_group_may_allow_past_all_others() -> None:
    allowed = built(group(COMMON, ("UserAgent_BadBots_HEADER", ALLOW)), rule(EVERYBODY, priority=1)).decide(SCRIPT)
    assert (allowed.rule, allowed.answer) == (f"{COMMON}/UserAgent_BadBots_HEADER", None)


@pytest.mark.parametrize(
    ("rules", "settings", "place"),
    [
        ([rule(EVERYBODY, "a", 1), rule(EVERYBODY, "b", 1)], {}, "two rules have one Priority"),
        ([rule(EVERYBODY, "a", 1), rule(EVERYBODY, "a", 2)], {}, "two rules have one Name"),
        ([rule(EVERYBODY, action={"Captcha": {}})], {}, r"rule.Action.Captcha"),
        ([rule(EVERYBODY, action={"Challenge": {}})], {}, r"rule.Action.Challenge"),
        ([rule(EVERYBODY, action={"Allow": {"CustomRequestHandling": {}}})], {}, r"rule.Action.Allow"),
        ([rule(EVERYBODY, action={"Count": {"CustomRequestHandling": {}}})], {}, r"rule.Action.Count"),
        ([rule(EVERYBODY, OverrideAction={"None": {}})], {}, r"rule.OverrideAction"),
        ([rule(EVERYBODY, CaptchaConfig={})], {}, r"rule.CaptchaConfig"),
        ([rule(EVERYBODY)], {"TokenDomains": []}, r"WebACL.TokenDomains"),
        ([rule(rate(limit=9))], {}, r"rule is .*'Limit': 9"),
        ([rule(rate(seconds=30))], {}, r"'EvaluationWindowSec': 30"),
        ([rule({"RateBasedStatement": {**rate()["RateBasedStatement"], "AggregateKeyType": "FORWARDED_IP"}})], {},
         "rule counts by FORWARDED_IP"),
        ([rule({"NotStatement": {"Statement": rate()}})], {}, r"rule.NotStatement.RateBasedStatement"),
        ([{**group(COMMON), "Action": BLOCK}], {}, "a group with an action"),
        ([group("AWSManagedRulesBotControlRuleSet")], {}, "is the group AWS AWSManagedRulesBotControlRuleSet"),
        ([group(COMMON, ("NoSuchRule", COUNT))], {}, "overrides NoSuchRule, of which there is no stub"),
        ([group(COMMON, ScopeDownStatement=EVERYBODY)], {}, f"{COMMON}.ScopeDownStatement"),
        ([group(COMMON, Version="Version_1.0")], {}, f"{COMMON}.Version"),
        ([group(COMMON, override="Block")], {}, f"{COMMON}"),
        ([group(COMMON, ("NoUserAgent_HEADER", {"Captcha": {}}))], {}, "NoUserAgent_HEADER.Action.Captcha"),
    ],
)  # fmt: skip
def test_what_is_not_modelled_is_refused_with_its_place(rules: list[Json], settings: Json, place: str) -> None:
    with pytest.raises(NotModelledError, match=place):
        built(*rules, **settings).decide(call(user_agent=None))


def test_several_headers_that_a_rate_would_count_by_are_refused() -> None:
    twice = replace(call(), headers=(("x-a", "1"), ("X-A", "2")))
    with pytest.raises(NotModelledError, match="no page says how several headers x-a are counted"):
        built(rule(rate(headers=("x-a",)))).decide(twice)


@pytest.mark.parametrize("name", [COMMON, KNOWN_BAD, REPUTATION])
def test_a_group_lets_an_ordinary_request_pass(name: str) -> None:
    assert built(group(name)).decide(call()).answer is None
