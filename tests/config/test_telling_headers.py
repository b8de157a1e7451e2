"""By what callers are told apart, and in which header they name a version: what the edge function gets to see."""

import re
from pathlib import Path
from typing import Any

import pytest

from ml_gateway.credentials import GATEWAY_CREDENTIAL_HEADERS, KEY_FORMS, REMOVED_AT_EDGE
from tests.files import CLIENTS, TOP, changed, report_on_data

A_CREDENTIAL = "carries a credential, or what is none of the gateway's; leave it out"
REMOVED = "is removed at the edge, whatever callers send; leave it out"
NOT_THEIRS = "is not the callers' own to choose; leave it out"

REFUSED: dict[str, str] = {
    **dict.fromkeys([*GATEWAY_CREDENTIAL_HEADERS, *KEY_FORMS.values()], A_CREDENTIAL),
    **dict.fromkeys(["Authorization", "Proxy-Authorization", "Cookie", "X-API-Key"], A_CREDENTIAL),
    **dict.fromkeys([*REMOVED_AT_EDGE, "Forwarded", "X-Client-ID"], REMOVED),
    **dict.fromkeys(
        ["Host", "Content-Length", "Via", "Connection", "Expect", "TE", "Transfer-Encoding", "Upgrade", "X-Amz-Cf-Id",
         "x-edge-location"],
        NOT_THEIRS,
    ),
    **dict.fromkeys(["", " x-user-id", "x user", "x-user-id\n", "é"], "is not a header name; write one such as "
                    "X-Model-Version"),
}  # fmt: skip


def told(setting: str, value: Any, folder: Path) -> list[str]:
    model = {
        "versions": {"v1": {"url": "https://model.example.com/v1"}, "v2": {"url": "https://model.example.com/v2"}},
        "split": {"v1": 90, "v2": 10},
        setting: value,
    }
    return report_on_data(changed({"models.predict": model, **CLIENTS}), folder)


@pytest.mark.parametrize("header", REFUSED)
def test_a_header_that_the_function_cannot_go_by_is_refused(tmp_path: Path, header: str) -> None:
    line = f"{header!r} {REFUSED[header]}"
    assert told("sticky", f"header:{header}", tmp_path) == [f"models.predict.sticky: {line}"]
    assert told("choose", header, tmp_path) == [f"models.predict.choose: {line}"]


@pytest.mark.parametrize(
    "header",
    ["X-Real-IP", "X-Forwarded-Proto", "Keep-Alive", "Trailer", "X-Cache", "X-Accel-Charset", "Proxy-Connection",
     "X_Client_ID"],
)  # fmt: skip
def test_a_header_that_the_function_never_sees_is_refused(tmp_path: Path, header: str) -> None:
    """CloudFront Developer Guide, "Restrictions on all edge functions"; underscores: headers.js."""
    assert told("sticky", f"header:{header}", tmp_path) != []
    assert told("choose", header, tmp_path) != []


@pytest.mark.parametrize("header", ["x-user-id", "X-Session.ID", "User-Agent", "Idempotency-Key", "X-Amzn-Trace-Id"])
def test_any_other_header_tells_callers_apart(tmp_path: Path, header: str) -> None:
    assert told("sticky", f"header:{header}", tmp_path) == []
    assert told("choose", header, tmp_path) == []


def test_what_the_function_removes_is_named_once() -> None:
    code = (TOP / "ml_gateway" / "functions" / "viewer_request" / "headers.js").read_text()
    never = "".join(re.findall("'([^']+)'", code[code.index("const NEVER") :].partition(";")[0]))
    assert sorted(never.split()) == sorted(REMOVED_AT_EDGE)


def test_clients_are_told_apart_by_themselves(tmp_path: Path) -> None:
    assert told("sticky", "client", tmp_path) == []
