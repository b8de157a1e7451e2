"""Versions of a model, their shares, and what rolls one back: what is refused, with the way out, and what is taken."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ml_gateway.conflicts import Place
from tests.files import BACKENDS, MISSING, TOP, changed, report_on, report_on_data
from tests.rules.broken import MAIL, ROLLBACK, SPLIT, URL, V1, V2, versioned

EACH = "stands beside versions, each of which says its own; move it into one, such as v1"
NO_VERSIONS = (
    "has no effect without versions; leave the line out, or write versions: {v1: ..., v2: ...} with the url or backend "
    "of each"
)
ALONE = "has no effect on a single version; leave the line out, or add another version"
SHARE_OF_ALL = "lacks v2; write its share, too: 0 for one that nobody gets by chance"


def test_all_problems_of_versions_are_told_at_once_each_on_its_line(tmp_path: Path) -> None:
    text = """\
name: acme-ml
regions: [us-east-1]
models:
  fraud:
    split: {v1: 89, v2: 10}
    sticky: client
    choose: x-model-version
    rollback: {to: v3, errors: 2%}
    versions:
      v1: {url: https://model.example.com/v1}
      v2: {backend: frad, timeout: 1m}
  llama:
    protocol: openai
    url: https://llm.example.com/v1
    split: {a: "90%", b: 10}
    versions:
      a: {url: https://llm.example.com/v1}
      B: {url: http://llm.example.com/v1}
  list: {url: https://model.example.com/list, path: /fraud, methods: [GET]}
plans:
  default: {rate: 5/s, burst: 10}
"""
    assert report_on(text, tmp_path) == [
        "4: models.fraud.path: takes '/fraud' of model 'list' along, which the edge would lead to a version of this "
        "model; give one of them another path",
        "5: models.fraud.split: its shares are 99 together, of 100 percent; write shares that are 100 together",
        "6: models.fraud.sticky: client needs clients, by whose keys or tokens they are told apart; write clients, or "
        "header:x-user-id for a header that callers send",
        "8: models.fraud.rollback: has nobody to tell; write alerts: {email: ops@acme.com, errors: 1%} at the top, too",
        "8: models.fraud.rollback: stands beside choose, by which any caller could make a version fail on purpose: who "
        "sends x-model-version chooses what is counted; keep one of the two",
        "8: models.fraud.rollback.to: 'v3' is not a version; write one of v1, v2",
        "11: models.fraud.versions.v2.backend: 'frad' is not a backend; define it in backends",
        "14: models.llama.url: stands beside versions, each of which says its own; move it into one, such as a",
        "15: models.llama.split.a: '90%' is not a whole number; write a: 90",
        "15: models.llama.split.b: 'b' is not a version of the model; did you mean 'B'?",
        "18: models.llama.versions.B: 'B' is not a name; write up to 63 lower-case letters and digits, a letter first, "
        "with single hyphens in between",
        "18: models.llama.versions.B.url: 'http://llm.example.com/v1' is not encrypted; write https://, or accept that "
        "with insecure: true",
    ]


SHARES: list[tuple[dict[str, Any], list[str], dict[str, Any]]] = [
    (
        {"split": {"v1": 89, "v2": 10}},
        ["split: its shares are 99 together, of 100 percent; write shares that are 100 together"],
        {"split": {"v1": 90, "v2": 10}},
    ),
    (
        {"split": {"v1": 100, "v2": 1}},
        ["split: its shares are 101 together, of 100 percent; write shares that are 100 together"],
        {"split": {"v1": 0, "v2": 100}},
    ),
    ({"split": {"v1": 100}}, [f"split: {SHARE_OF_ALL}"], {"split": {"v1": 100, "v2": 0}}),
    (
        {"split": {"v1": 90, "v3": 10}},
        ["split.v3: 'v3' is not a version of the model; write one of v1, v2"],
        {"split": {"v1": 90, "v2": 10}},
    ),
    (
        {"split": {"v1": 90, "champion": 10}, "versions": {"v1": V1, "champoin": V2}},
        ["split.champion: 'champion' is not a version of the model; did you mean 'champoin'?"],
        {"split": {"v1": 90, "champion": 10}, "versions": {"v1": V1, "champion": V2}},
    ),
    (
        {"split": MISSING, "versions": {"v1": V1, "v2": V2, "v3": V2}},
        ["split: missing; write split: {v1: 100, v2: 0, v3: 0}, and raise the shares of the others step by step"],
        {"split": {"v1": 100, "v2": 0, "v3": 0}, "versions": {"v1": V1, "v2": V2, "v3": V2}},
    ),
    (
        {"split": {"v1": 50}, "versions": {"v1": V1}},
        ["split: its shares are 50 together, of 100 percent; write shares that are 100 together"],
        {"split": {"v1": 100}, "versions": {"v1": V1}},
    ),
    (
        {"split": {"v2": 100}, "versions": {"v1": V1}},
        ["split.v2: 'v2' is not a version of the model; write one of v1"],
        {"split": MISSING, "versions": {"v1": V1}},
    ),
    ({"split": {"v1": -1, "v2": 10}}, ["split.v1: -1 is too small; write 0 or more"], {"split": {"v1": 0, "v2": 100}}),
    ({"split": {"v1": 101, "v2": 0}}, ["split.v1: 101 is too large; write at most 100"], {}),
    (
        {"split": {"v1": "90%", "v2": "10%"}},
        ["split.v1: '90%' is not a whole number; write v1: 90", "split.v2: '10%' is not a whole number; write v2: 90"],
        {},
    ),
    ({"split": {"v1": 90.0, "v2": 10}}, ["split.v1: 90.0 is not a whole number; write v1: 90"], {}),
    ({"split": [90, 10]}, ["split: a list is not a map; write split: {v1: 90, v2: 10}"], {}),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "lines", "right"), SHARES, ids=[lines[0][:30] for _, lines, _ in SHARES])
def test_shares_are_whole_percents_of_each_version_together_100(
    tmp_path: Path, wrong: dict[str, Any], lines: list[str], right: dict[str, Any]
) -> None:
    assert told_of(wrong, tmp_path) == lines
    assert told_of(right, tmp_path) == []


def told_of(settings: dict[str, Any], tmp_path: Path, **beside: Any) -> list[str]:
    """What is told of the small file's model with two versions, and with these settings."""
    places = {f"models.predict.{setting}": value for setting, value in settings.items()}
    return [line.removeprefix("models.predict.") for line in report_on_data(versioned({**places, **beside}), tmp_path)]


VERSIONED: list[tuple[dict[str, Any], list[str]]] = [
    ({"versions": dict.fromkeys("abcd", V1), "split": {"a": 100, "b": 0, "c": 0, "d": 0}},
     ["versions: 4 entries are too many; keep at most 3"]),
    ({"url": URL}, [f"url: {EACH}"]),
    ({"insecure": True}, [f"insecure: {EACH}"]),
    ({"versions": {}}, [f"split: {NO_VERSIONS}", "url: missing; write url: 'https://model.example.com/invocations', or "
                        "backend with the name of one"]),
    ({"versions.v1": "https://a.b"}, ["versions.v1: 'https://a.b' is not a map; write v1: {url: "
                                      "'https://model.example.com/invocations'}"]),
    ({"versions": ["v1", "v2"]}, ["versions: a list is not a map; write versions: {v1: {backend: fraud-sm}, v2: "
                                  "{backend: fraud-two}}"]),
    ({"versions.v2": {}}, ["versions.v2.url: missing; write url: 'https://model.example.com/invocations', or backend "
                           "with the name of one"]),
    ({"versions": {"V1": V1, "v2": V2}, "split": {"V1": 90, "v2": 10}},
     ["versions.V1: 'V1' is not a name; write up to 63 lower-case letters and digits, a letter first, with single "
      "hyphens in between"]),
    ({"versions": {"v--1": V1, "v2": V2}, "split": {"v--1": 90, "v2": 10}},
     ["versions.v--1: 'v--1' is not a name; write up to 63 lower-case letters and digits, a letter first, with single "
      "hyphens in between"]),
    ({"versions": {"v1": V1}, "split": {"v1": 100}, "sticky": "client", "choose": "x-v", "rollback": ROLLBACK},
     [f"choose: {ALONE}", f"rollback: {ALONE}", f"sticky: {ALONE}"]),
    ({"sticky": "header:X-V", "choose": "x-v"},
     ["sticky: 'header:X-V' is the header of choose, so whoever sends it chooses; leave the line out"]),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "lines"), VERSIONED, ids=[" and ".join(wrong) for wrong, _ in VERSIONED])
def test_what_is_wrong_with_versions_is_told_with_the_way_out(
    tmp_path: Path, wrong: dict[str, Any], lines: list[str]
) -> None:
    assert sorted(told_of(wrong, tmp_path)) == lines


def test_a_backend_stands_in_each_version(tmp_path: Path) -> None:
    backends = {"backends.b": BACKENDS["http"]}
    assert told_of({"backend": "b"}, tmp_path, **backends) == [f"backend: {EACH}"]
    assert told_of({"versions.v2": {"backend": "b"}}, tmp_path, **backends) == []


@pytest.mark.parametrize("setting", ["split", "sticky", "choose", "rollback"])
def test_what_is_about_versions_has_no_effect_without_them(tmp_path: Path, setting: str) -> None:
    value = {**SPLIT, "sticky": "header:x-user-id", "choose": "x-model-version", "rollback": ROLLBACK}[setting]
    data = changed({f"models.predict.{setting}": value, "alerts": MAIL})
    assert report_on_data(data, tmp_path) == [f"models.predict.{setting}: {NO_VERSIONS}"]


@pytest.mark.parametrize("split", [MISSING, {"v1": 100}], ids=["unsaid", "said"])
def test_a_single_version_has_all_requests_also_unsaid(tmp_path: Path, split: Any) -> None:
    assert told_of({"versions": {"v1": V1}, "split": split}, tmp_path) == []


ROLLBACKS: list[tuple[dict[str, Any], str]] = [
    *(
        ({"for": written}, f"rollback.for: {written} is not a time over which answers are counted; write whole minutes "
         "from 1m to 1h, such as 5m")
        for written in ("30s", "90s", "61m", "2h", "0s")
    ),
    ({"for": 5}, "rollback.for: '5' is not a time over which answers are counted; write whole minutes from 1m to 1h, "
                 "such as 5m"),
    ({"least": 0}, "rollback.least: 0 is too small; write 1 or more"),
    ({"least": 1_000_001}, "rollback.least: 1000001 is too large; write at most 1000000"),
    ({"least": "50"}, "rollback.least: '50' is not a whole number; write least: 50"),
    *(
        ({"errors": written}, f"rollback.errors: {written} is no share that can be passed; write more than 0 and less "
         "than 100, such as 1%")
        for written in ("0%", "100%")
    ),
    ({"to": "v9"}, "rollback.to: 'v9' is not a version; write one of v1, v2"),
    ({"to": None}, "rollback.to: empty; write to: v1"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "line"), ROLLBACKS, ids=[str(wrong) for wrong, _ in ROLLBACKS])
def test_a_rollback_that_cannot_be_is_told_with_the_way_out(tmp_path: Path, wrong: dict[str, Any], line: str) -> None:
    assert told_of({"rollback": {**ROLLBACK, **wrong}}, tmp_path, alerts=MAIL) == [line]


@pytest.mark.parametrize("right", [{}, {"for": "1m"}, {"for": "60s"}, {"for": "1h"}, {"least": 1}, {"errors": "99.9%"},
                                   {"to": "v2"}], ids=str)  # fmt: skip
def test_a_rollback_that_can_be_is_taken(tmp_path: Path, right: dict[str, Any]) -> None:
    assert told_of({"rollback": {**ROLLBACK, **right}}, tmp_path, alerts=MAIL) == []


def test_a_rollback_has_somebody_to_tell(tmp_path: Path) -> None:
    assert told_of({"rollback": ROLLBACK}, tmp_path) == [
        "rollback: has nobody to tell; write alerts: {email: ops@acme.com, errors: 1%} at the top, too"
    ]


def test_nobody_who_chooses_a_version_makes_it_fail(tmp_path: Path) -> None:
    chosen = {"choose": "X-Model-Version", "rollback": ROLLBACK}
    assert told_of(chosen, tmp_path, alerts=MAIL) == [
        "rollback: stands beside choose, by which any caller could make a version fail on purpose: who sends "
        "X-Model-Version chooses what is counted; keep one of the two"
    ]


EXAMPLE = yaml.safe_load((TOP / "examples" / "rollouts.yaml").read_text())


def places(section: dict[str, Any], at: Place = ()) -> Iterator[Place]:
    for key, value in section.items():
        yield (*at, key)
        yield from places(value, (*at, key)) if isinstance(value, dict) else ()


@pytest.mark.parametrize("place", [*places(EXAMPLE)], ids=lambda place: ".".join(map(str, place)))
def test_what_was_refused_leads_to_no_second_problem(tmp_path: Path, place: Place) -> None:
    lines = report_on_data(changed({".".join(map(str, place)): [[]]}, EXAMPLE), tmp_path)
    assert lines
    assert [line for line in lines if not line.startswith(".".join(map(str, place)))] == []
