"""A report can be sent to anybody: nothing in it tells an account, an address or a credential."""

import json
from pathlib import Path

import pytest

from live import report as reports
from live.place import PlaceName
from live.redaction import SHAPES, leaks, redacted
from live.report import Answer, LeakError, Report, write_report

KNOWN = ("shhh-it-is-a-secret", "d111111abcdef8.cloudfront.net", "a1b2c3d4e5")

LEAKING = {
    "an account": "in 123456789012",
    "an ARN": "arn:aws:cloudfront::of-somebody:function/edge is not there",
    "an address": "https://a1b2c3.execute-api.us-east-1.amazonaws.com/v1/echo said 403",
    "an address of IP": "from 203.0.113.77",
    "a token": "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJsaXZlIn0.c2lnbmVk",
    "a key": "key AbCd1234EfGh5678IjKl9012MnOp3456",
    "a key of AWS": "AKIA" + "IOSFODNN7EXAMPLE is over",
    "a distribution": "distribution E2QWRUHAPOMQZL",
    "an id": "RequestId: 01234567-89ab-cdef-0123-456789abcdef",
    "an id of a network": "The subnet 'subnet-0123456789abcdef0' has dependencies and cannot be deleted",
    "a mail address": "ops@acme.com was not told",
    "a path of this machine": "see /home/somebody/ml-gateway/deploy.log",
}
"""What stands in messages of AWS and of the CDK CLI."""


def made(saw: str, *, place: PlaceName = "aws") -> Report:
    versions = {"aws-cdk-lib": "2.275.0", "ml-gateway": "0.2.0"}
    answers = [Answer(id="key-lock", verdict="held", saw=saw)]
    return Report(place=place, date="2026-12-01 10:12", versions=versions, answers=answers)


def test_each_shape_has_something_that_leaks() -> None:
    assert set(LEAKING) == set(SHAPES)


@pytest.mark.parametrize("shape", SHAPES)
def test_what_must_not_be_in_a_report_is_taken_out(tmp_path: Path, shape: str) -> None:
    assert shape in leaks(LEAKING[shape], ())
    file = write_report(made(f"failed: {LEAKING[shape]}"), tmp_path, known=KNOWN)
    assert leaks(file.read_text(), KNOWN) == []
    assert "failed: " in file.read_text()


@pytest.mark.parametrize("secret", KNOWN)
def test_what_the_run_knows_is_taken_out_whatever_it_looks_like(tmp_path: Path, secret: str) -> None:
    file = write_report(made(f"said {secret}, twice {secret}"), tmp_path, known=KNOWN)
    assert secret not in file.read_text()


@pytest.mark.parametrize("leaking", [*LEAKING.values(), *KNOWN])
def test_without_redaction_nothing_is_written(tmp_path: Path, leaking: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second look is one of its own."""
    monkeypatch.setattr(reports, "redacted", lambda text, _known: text)
    with pytest.raises(LeakError) as caught:
        write_report(made(leaking), tmp_path, known=KNOWN)
    assert leaking not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_what_is_cut_off_leaks_no_part(tmp_path: Path) -> None:
    text = "x " * 195 + "123456789012 " + "shhh-it-is-a-secret"
    assert "1234567890" not in write_report(made(text), tmp_path, known=KNOWN).read_text()


def test_a_report_has_these_fields_alone(tmp_path: Path) -> None:
    said = json.loads(write_report(made("403, 200"), tmp_path, known=KNOWN).read_text())
    assert list(said) == ["schema", "place", "date", "versions", "answers"]
    assert said["answers"] == {"key-lock": {"verdict": "held", "saw": "403, 200"}}
    assert list(said["versions"]) == ["aws-cdk-lib", "ml-gateway"]


def test_words_of_a_report_stay() -> None:
    usual = "401, 403 model_not_allowed; 12 of 100, by 3 functions, within 21 s; at /v1 and /echo"
    assert redacted(usual, KNOWN) == usual


def test_a_report_of_the_local_cloud_says_so_by_its_name(tmp_path: Path) -> None:
    names = [write_report(made("200", place=place), tmp_path, known=()).name for place in ("aws", "local cloud")]
    assert names == ["2026-12-01T1012.json", "2026-12-01T1012-local.json"]
