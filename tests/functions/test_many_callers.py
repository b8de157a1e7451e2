"""How many callers get each version of a model, and which ones: many of them, by the function itself.

Shares are those of the file within five standard deviations of a binomial distribution. Keys, tokens and headers are
the same in each run, and so are their versions. What is picked by chance leaves these bounds in one of a million runs.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

import pytest

from ml_gateway.functions import ViewerRequestSettings, assembled_viewer_request
from tests.functions.edge_runtime import EdgeRuntime, Store, broken_code, settings_with, viewer_request
from tests.functions.events import ISSUER, NOW, WORDS, override, token

MANY = 100_000
FEWER = 10_000
"""Enough where what is picked is not new: a client by its token, or a header, is picked as a key is."""
DEVIATIONS = 5

KEYS = [f"{number:048}" for number in range(MANY)]
SHARES = {"v1": 85, "v2": 10, "v3": 5}
BY_CHANCE = {"both": 1, "else": 99}
BY_CLIENT = {"byClient": True}
BY_HEADER = {"byHeader": "x-user-id"}
BY_TOKEN: dict[str, Any] = {"issuers": [ISSUER], "claims": {ISSUER: "azp"}}


def settings_of(
    shares: Mapping[str, int], how: Mapping[str, Any], *, model: str = "fraud", **more: Any
) -> ViewerRequestSettings:
    split = {"model": model, "takes": f"^/{model}/?$", "versions": [*shares], "shares": [*shares.values()], **how}
    return settings_with({"splits": [split], **more})


def versions_of(
    runtime: EdgeRuntime,
    code: str,
    values: Sequence[str],
    *,
    header: str = "x-api-key",
    model: str = "fraud",
    store: Store | None = None,
) -> list[str]:
    """The version that each of the values in a header leads to."""
    paths = runtime.run_each(code, viewer_request({"uri": f"/{model}"}), header, values, store)
    found = [re.fullmatch(f"/{model}--(v[1-3])/{model}", str(path)) for path in paths]
    assert None not in found
    return [each[1] for each in found if each]


def by_keys(
    runtime: EdgeRuntime, shares: Mapping[str, int], model: str = "fraud", keys: Sequence[str] = ()
) -> list[str]:
    code = assembled_viewer_request(settings_of(shares, BY_CLIENT, model=model))
    return versions_of(runtime, code, keys or KEYS[:FEWER], model=model)


def beyond_chance(versions: Sequence[str], shares: Mapping[str, int]) -> list[str]:
    """The versions that more or fewer got than chance explains."""
    found, number = Counter(versions), len(versions)
    assert found.keys() <= shares.keys()
    bounds = {each: DEVIATIONS * sqrt(number * share / 100 * (1 - share / 100)) for each, share in shares.items()}
    return [each for each, share in shares.items() if abs(found[each] - number * share / 100) > bounds[each]]


def in_both(some: Sequence[str], others: Sequence[str]) -> list[str]:
    """Who is among the ten percent of v2 twice: one percent of all by chance."""
    return ["both" if pair == ("v2", "v2") else "else" for pair in zip(some, others, strict=True)]


# How many


def test_each_version_gets_its_share_of_keys(runtime: EdgeRuntime) -> None:
    assert beyond_chance(by_keys(runtime, SHARES, keys=KEYS), SHARES) == []


def test_each_version_gets_its_share_of_tokens(runtime: EdgeRuntime) -> None:
    code = assembled_viewer_request(settings_of(SHARES, BY_CLIENT, **BY_TOKEN))
    tokens = [token(azp=f"client-{number}") for number in range(FEWER)]
    assert beyond_chance(versions_of(runtime, code, tokens), SHARES) == []


def test_each_version_gets_its_share_of_the_values_of_a_header(runtime: EdgeRuntime) -> None:
    code = assembled_viewer_request(settings_of(SHARES, BY_HEADER))
    users = [f"user-{number}" for number in range(FEWER)]
    assert beyond_chance(versions_of(runtime, code, users, header="x-user-id"), SHARES) == []


def test_each_version_gets_its_share_by_chance_though_one_client_asks(runtime: EdgeRuntime) -> None:
    code = assembled_viewer_request(settings_of(SHARES, {}))
    assert beyond_chance(versions_of(runtime, code, [KEYS[0]] * MANY), SHARES) == []


@pytest.mark.parametrize(
    ("how", "right", "wrong"),
    [
        (BY_CLIENT, "digest.slice(0, 12)", "digest.slice(0, 3)"),
        (BY_CLIENT, "!caller || !(split.byHeader || split.byClient)", "true"),
        ({}, "!caller || !(split.byHeader || split.byClient)", "!caller"),
        ({}, "Math.random()", "0.5"),
        ({}, "Math.random()", "Math.random() * 0.9"),
    ],
)
def test_what_is_picked_otherwise_is_noticed(how: Any, right: str, wrong: str, runtime: EdgeRuntime) -> None:
    code = broken_code(settings_of(SHARES, how), "versions", right, wrong)
    values = KEYS[:FEWER] if how else [KEYS[0]] * FEWER
    found = versions_of(runtime, code, values)
    assert beyond_chance(found, SHARES) or found != versions_of(runtime, code, values)


# Who


def bucket_of(model: str, caller: str) -> int:
    digest = hashlib.sha256(f"{model} {caller}".encode()).hexdigest()
    return int(digest[:12], 16) % 10_000


GOLDEN = {
    ("fraud", WORDS["<key>"]): 302,
    ("fraud", WORDS["<other key>"]): 9573,
    ("llama", WORDS["<key>"]): 208,
    ("llama", WORDS["<other key>"]): 6704,
    ("fraud", f"{ISSUER} batch-prod"): 8262,
    ("fraud", "user-4987"): 1000,
    ("fraud", ""): 6820,
}
"""Another bucket for any of them, and all callers everywhere would get other versions."""


def test_the_bucket_of_a_caller_stays_as_long_as_there_are_gateways(runtime: EdgeRuntime) -> None:
    assert {each: bucket_of(*each) for each in GOLDEN} == GOLDEN
    buckets = [bucket_of("fraud", key) for key in KEYS[:FEWER]]
    assert by_keys(runtime, SHARES) == ["v2" if each < 1000 else "v3" if each >= 9500 else "v1" for each in buckets]


def test_a_caller_gets_the_same_version_in_another_process(runtime: EdgeRuntime) -> None:
    another = EdgeRuntime()
    try:
        assert by_keys(another, SHARES) == by_keys(runtime, SHARES)
    finally:
        another.close()


STEPS = [
    ({"v1": 85, "v2": 10, "v3": 5}, {"v1": 70, "v2": 20, "v3": 10}, {("v1", "v2"), ("v1", "v3")}),
    ({"v1": 85, "v2": 10, "v3": 5}, {"v1": 75, "v2": 20, "v3": 5}, {("v1", "v2")}),
    ({"v1": 85, "v2": 10, "v3": 5}, {"v1": 80, "v2": 10, "v3": 10}, {("v1", "v3")}),
    ({"v1": 100, "v2": 0, "v3": 0}, {"v1": 0, "v2": 50, "v3": 50}, {("v1", "v2"), ("v1", "v3")}),
    ({"v1": 99, "v2": 1}, {"v1": 98, "v2": 2}, {("v1", "v2")}),
]


@pytest.mark.parametrize(("before", "after", "moves"), STEPS)
def test_who_moves_leaves_the_first_version_for_one_that_gets_more(
    before: Mapping[str, int], after: Mapping[str, int], moves: set[tuple[str, str]], runtime: EdgeRuntime
) -> None:
    lower, higher, again = (by_keys(runtime, shares) for shares in (before, after, before))
    assert {pair for pair in zip(lower, higher, strict=True) if pair[0] != pair[1]} == moves
    assert again == lower
    assert beyond_chance(higher, after) == []


def test_ten_percent_of_one_model_are_not_those_of_another(runtime: EdgeRuntime) -> None:
    assert beyond_chance(in_both(by_keys(runtime, SHARES), by_keys(runtime, SHARES, "llama")), BY_CHANCE) == []


def test_two_keys_of_one_client_are_two_callers(runtime: EdgeRuntime) -> None:
    keys = by_keys(runtime, SHARES, keys=KEYS[: 2 * FEWER])
    assert beyond_chance(in_both(keys[::2], keys[1::2]), BY_CHANCE) == []


def test_a_token_that_is_renewed_is_the_same_caller(runtime: EdgeRuntime) -> None:
    code = assembled_viewer_request(settings_of(SHARES, BY_CLIENT, **BY_TOKEN))
    names = [f"client-{number}" for number in range(FEWER)]
    first = [token(azp=name) for name in names]
    renewed = [token(azp=name, iat=NOW + number, exp=NOW + 3600 + number) for number, name in enumerate(names)]
    assert versions_of(runtime, code, first) == versions_of(runtime, code, renewed)


# Overrides


def test_the_store_sends_all_to_one_version_and_they_are_back_when_it_is_gone(runtime: EdgeRuntime) -> None:
    code = assembled_viewer_request(settings_of(SHARES, BY_CLIENT))
    all_of_it = override({"v1": 100, "v2": 0, "v3": 0}, instead_of=SHARES)
    stores: list[Store] = [{}, {"fraud": all_of_it}, {}, "fails"]
    before, during, after, failing = (versions_of(runtime, code, KEYS[:FEWER], store=store) for store in stores)
    assert set(during) == {"v1"}
    assert before == after == failing
    assert beyond_chance(before, SHARES) == []


def test_the_store_moves_those_that_the_file_would_move(runtime: EdgeRuntime) -> None:
    code = assembled_viewer_request(settings_of(SHARES, BY_CLIENT))
    for split in ({"v1": 95, "v2": 0, "v3": 5}, {"v1": 50, "v2": 40, "v3": 10}):
        store = {"fraud": override(split, instead_of=SHARES)}
        assert versions_of(runtime, code, KEYS[:FEWER], store=store) == by_keys(runtime, split)
