"""Statements mean what AWS WAF's pages say, and a statement of which they do not say enough is refused."""

from dataclasses import replace
from typing import Any

import pytest

from tests.synthesis import Json
from tests.waf.built import BLOCK, COUNT, EVERYBODY, body_match, built, rule, text_match
from tests.waf.callers import call
from tests.waf.requests import Request
from tests.waf.settings import NotModelledError


def is_met(statement: Json, request: Request, **about: Any) -> bool:
    return built(rule(statement), **about).decide(request).rule == "rule"


def countries(*codes: str) -> Json:
    return {"GeoMatchStatement": {"CountryCodes": list(codes)}}


@pytest.mark.parametrize(
    ("constraint", "met"),
    [
        ("EXACTLY", ["abc"]),
        ("STARTS_WITH", ["abc", "abcd"]),
        ("ENDS_WITH", ["abc", "zabc"]),
        ("CONTAINS", ["abc", "abcd", "zabc", "zabcd"]),
    ],
)
def test_texts_are_compared_where_the_constraint_says(constraint: str, met: list[str]) -> None:
    statement = text_match("abc", constraint=constraint)
    values = ["abc", "abcd", "zabc", "zabcd", "ab", "ABC", ""]
    assert [value for value in values if is_met(statement, call(x_test=value))] == met


@pytest.mark.parametrize(
    ("kinds", "value"),
    [
        (("LOWERCASE",), "ABC D"),
        (("COMPRESS_WHITE_SPACE",), "abc \t\n\r\f\v\xa0 d"),
        (("COMPRESS_WHITE_SPACE", "LOWERCASE"), "Abc  D"),
    ],
)
def test_texts_are_transformed_first(kinds: tuple[str, ...], value: str) -> None:
    assert is_met(text_match("abc d", kinds=kinds), call(x_test=value))
    assert not is_met(text_match("abc d"), call(x_test=value))


def test_letters_beyond_ascii_keep_their_case() -> None:
    assert not is_met(text_match("é", kinds=("LOWERCASE",)), call(x_test="É"))


def test_names_of_headers_are_compared_in_any_capitals() -> None:
    assert is_met(text_match("a", header="X-Test"), call(X_tEST="a"))


def test_a_header_that_is_not_there_meets_nothing() -> None:
    assert not is_met(text_match("", constraint="CONTAINS"), call())
    assert is_met({"NotStatement": {"Statement": text_match("a")}}, call())


def with_headers(*headers: tuple[str, str]) -> Request:
    return replace(call(), headers=headers)


def test_several_headers_of_one_name_are_decided_where_each_reading_agrees() -> None:
    assert not is_met(text_match("a"), with_headers(("x-test", "b"), ("X-Test", "c")))
    with pytest.raises(NotModelledError, match="several headers of one name"):
        is_met(text_match("a"), with_headers(("x-test", "a"), ("X-Test", "c")))


def test_headers_beyond_the_first_8_kb_or_200_are_not_seen() -> None:
    wanted = ("x-test", "a")
    assert is_met(text_match("a"), with_headers(*[("a", "b")] * 199, wanted))
    assert not is_met(text_match("a"), with_headers(*[("a", "b")] * 200, wanted))
    assert is_met(text_match("a"), with_headers(("a", "b" * (8192 - 8)), wanted))
    assert not is_met(text_match("a"), with_headers(("a", "b" * 8192), wanted))
    with pytest.raises(NotModelledError, match="the header x-test, which the limit of 8192 bytes cuts in two"):
        is_met(text_match("a"), with_headers(("a", "b" * 8190), wanted))


@pytest.mark.parametrize(("limit", "seen"), [(None, 16), ("KB_32", 32), ("KB_64", 64)])
def test_of_a_body_its_beginning_is_seen(limit: str | None, seen: int) -> None:
    sizes = {"RequestBody": {"CLOUDFRONT": {"DefaultSizeInspectionLimit": limit}}} if limit else {}
    about = {"AssociationConfig": sizes}
    assert is_met(body_match("abc"), call(body=b" " * (seen * 1024 - 3) + b"abc"), **about)
    assert not is_met(body_match("abc"), call(body=b" " * (seen * 1024 - 2) + b"abc"), **about)


def test_a_limit_for_another_host_has_no_effect() -> None:
    about = {"AssociationConfig": {"RequestBody": {"API_GATEWAY": {"DefaultSizeInspectionLimit": "KB_64"}}}}
    assert not is_met(body_match("abc"), call(body=b" " * 20_000 + b"abc"), **about)


@pytest.mark.parametrize(("first", "second"), [(True, True), (True, False), (False, True), (False, False)])
def test_and_or_and_not_combine(first: bool, second: bool) -> None:
    statements = [countries("DE") if holds else countries("AQ") for holds in (first, second)]
    assert is_met({"AndStatement": {"Statements": statements}}, call()) == (first and second)
    assert is_met({"OrStatement": {"Statements": statements}}, call()) == (first or second)
    assert is_met({"NotStatement": {"Statement": statements[0]}}, call()) == (not first)


def test_an_address_without_a_known_country_is_in_none() -> None:
    assert is_met(countries("DE", "FR"), call(country="FR"))
    assert not is_met(countries("DE", "FR"), call(country=None))


def ip_set(*addresses: str, version: str = "IPV4", scope: str = "CLOUDFRONT") -> dict[str, Json]:
    properties = {"Addresses": list(addresses), "IPAddressVersion": version, "Scope": scope}
    return {"Set": {"Type": "AWS::WAFv2::IPSet", "Properties": properties}}


IN_THE_SET: Json = {"IPSetReferenceStatement": {"Arn": {"Fn::GetAtt": ["Set", "Arn"]}}}


def test_addresses_lie_in_the_ranges_of_an_ip_set() -> None:
    four, six = ip_set("192.0.2.0/25"), ip_set("2001:db8::/32", version="IPV6")
    found = {
        address: (is_met(IN_THE_SET, call(address=address), resources=four),
                  is_met(IN_THE_SET, call(address=address), resources=six))
        for address in ("192.0.2.127", "192.0.2.128", "2001:db8:ffff::1", "2001:DB8::1", "2001:db9::1")
    }  # fmt: skip
    assert [address for address, (in_four, _) in found.items() if in_four] == ["192.0.2.127"]
    assert [address for address, (_, in_six) in found.items() if in_six] == ["2001:db8:ffff::1", "2001:DB8::1"]


@pytest.mark.parametrize(
    "resources", [{}, ip_set("2001:db8::/32"), ip_set("192.0.2.0/24", scope="REGIONAL")],
    ids=["missing", "of another version", "of another scope"],
)  # fmt: skip
def test_an_ip_set_that_aws_would_not_take_is_refused(resources: dict[str, Json]) -> None:
    with pytest.raises(NotModelledError):
        is_met(IN_THE_SET, call(), resources=resources)


REFERENCE = "{{resolve:secretsmanager:gateway/origin/1:SecretString:::}}"


def test_a_secret_stands_in_the_place_of_its_reference() -> None:
    assert is_met(text_match(REFERENCE), call(x_test="s3cret"), secrets={"gateway/origin/1": "s3cret"})
    assert not is_met(text_match(REFERENCE), call(x_test=REFERENCE), secrets={"gateway/origin/1": "s3cret"})


@pytest.mark.parametrize("text", [REFERENCE, REFERENCE[:-5] + ":AWSPREVIOUS:}}", f"x{REFERENCE}", "{{resolve:ssm:a}}"])
def test_a_reference_that_nobody_resolved_is_refused(text: str) -> None:
    with pytest.raises(NotModelledError, match="SearchString is"):
        is_met(text_match(text), call(x_test="s3cret"), secrets={"gateway/origin/2": "s3cret"})


def label_match(key: str) -> Json:
    return {"LabelMatchStatement": {"Scope": "NAMESPACE" if key.endswith(":") else "LABEL", "Key": key}}


def labelled(key: str, *, before: bool = True) -> bool:
    """Whether a rule meets the label `team:red:one`, which another one adds before or after it."""
    labels = [{"Name": "team:red:one"}]
    first = rule(EVERYBODY, name="first", priority=0 if before else 2, action=COUNT, RuleLabels=labels)
    return built(rule(label_match(key), priority=1), first).decide(call()).rule == "rule"


OWN = "awswaf:111122223333:webacl:built:"


@pytest.mark.parametrize(
    "key", ["one", "red:one", "team:red:one", "red:", "team:red:", f"{OWN}team:", f"{OWN}team:red:one"]
)
def test_rules_see_the_labels_of_rules_before_them_alone(key: str) -> None:
    assert labelled(key)
    assert not labelled(key, before=False)


@pytest.mark.parametrize("key", ["team", "red", "ne", "eam:red:", "awswaf:111122223333:webacl:other:team:"])
def test_a_label_is_met_by_whole_names_from_its_end(key: str) -> None:
    assert not labelled(key)


@pytest.mark.parametrize(("country", "label"), [("DE", "DE"), ("FR", "FR"), (None, "XX")])
def test_a_geo_match_labels_who_does_not_meet_it_too_once_it_has_looked(country: str | None, label: str) -> None:
    key = f"awswaf:clientip:geo:country:{label}"
    looks = rule(countries("DE"), name="looks", action=COUNT)
    assert built(looks, rule(label_match(key), priority=1)).decide(call(country=country)).rule == "rule"
    both = {"AndStatement": {"Statements": [{"NotStatement": {"Statement": countries("AQ")}}, label_match(key)]}}
    assert not is_met(both, call(country=country))


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ({"RegexMatchStatement": {}}, "rule.RegexMatchStatement"),
        ({"SizeConstraintStatement": {}}, "rule.SizeConstraintStatement"),
        ({"XssMatchStatement": {}}, "rule.XssMatchStatement"),
        ({"SqliMatchStatement": {}}, "rule.SqliMatchStatement"),
        ({"NotStatement": {"Statement": {"AsnMatchStatement": {}}}}, "rule.NotStatement.AsnMatchStatement"),
        ({"OrStatement": {"Statements": [EVERYBODY]}}, "rule.OrStatement has 1"),
        ({"GeoMatchStatement": {"CountryCodes": ["DE"], "ForwardedIPConfig": {}}}, "ForwardedIPConfig"),
        ({"GeoMatchStatement": {"CountryCodes": ["XX"]}}, "XX, which is no country"),
        ({"IPSetReferenceStatement": {"Arn": "arn:aws:wafv2:somewhere"}}, "rule.IPSetReferenceStatement.Arn"),
        (text_match("a", constraint="CONTAINS_WORD"), "CONTAINS_WORD"),
        (text_match("a", kinds=("URL_DECODE",)), "TextTransformations|URL_DECODE"),
        (text_match("a", kinds=()), "rule.ByteMatchStatement"),
        (body_match("a", oversize="MATCH"), "FieldToMatch.Body"),
        (label_match("awswaf:managed:aws:core-rule-set:NoUserAgent_Header"), "no managed rule"),
        (label_match("awswaf:clientip:geo:region:DE-BE"), "no region"),
        ({"LabelMatchStatement": {"Scope": "LABEL", "Key": "red:"}}, "rule.LabelMatchStatement"),
        ({}, "rule is {}"),
        ({**EVERYBODY, **countries("DE")}, "rule is"),
    ],
)  # fmt: skip
def test_what_is_not_modelled_is_refused_with_its_place(statement: Json, place: str) -> None:
    with pytest.raises(NotModelledError, match=place):
        built(rule(statement, action=BLOCK)).decide(call(x_test="a"))
