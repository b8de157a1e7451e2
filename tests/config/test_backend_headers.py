"""What an HTTP server is sent, reached by a URL or behind a load balancer: fixed values in clear, credentials never."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.files import behind, report_on_data

VERSION = "a1b2c3d4-5678-90ab-cdef-0123456789ab"
SECRET = {"secret": "acme-ml/key", "version": VERSION}
NOT_SET = "is not one that API Gateway lets an integration set; leave it out"
SERVERS = pytest.mark.parametrize("kind", ["http", "load_balancer"])
EXAMPLE = "{secret: acme-ml/provider-token, version: a1b2c3d4-5678-90ab-cdef-EXAMPLE11111}"


@SERVERS
@pytest.mark.parametrize(
    "settings",
    [
        {"headers": {"X-Version": "a b", "x-tenant": "{}"}},
        {"bearer": {"secret": "a/b_+=.@-", "version": VERSION}},
        {"secret_headers": {"api-key": SECRET}},
        {"secret_headers": {"x-api-key": SECRET, "X-Origin-Verify": SECRET, "Ocp-Apim-Subscription-Key": SECRET}},
        {"secret_headers": {"Authorization": SECRET}},
        {"headers": {"X-Tenant": "acme"}, "secret_headers": {"X-Anything": SECRET}, "bearer": SECRET},
    ],
)
def test_settings_of_an_http_integration_hold_for_every_http_server(
    tmp_path: Path, kind: str, settings: dict[str, Any]
) -> None:
    assert report_on_data(behind(kind, **settings), tmp_path) == []


@SERVERS
@pytest.mark.parametrize("setting", ["headers", "secret_headers"])
@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("X B", "'X B' is not a header name; write one such as X-Model-Version"),
        *(
            (header, f"{header!r} {NOT_SET}")
            for header in ("Connection", "Content-Length", "Expect", "HOST", "TE", "Transfer-Encoding", "upgrade",
                           "Via", "X-Amzn-Trace-Id", "x-amzn-anything")
        ),
    ],
)  # fmt: skip
def test_a_header_that_cannot_be_sent_is_refused(
    tmp_path: Path, kind: str, setting: str, header: str, message: str
) -> None:
    settings = behind(kind, **{setting: {header: "x" if setting == "headers" else SECRET}})
    assert report_on_data(settings, tmp_path) == [f"backends.b.{setting}.{header}: {message}"]


@SERVERS
@pytest.mark.parametrize("header", ["api-key", "Authorization", "Proxy-Authorization", "X-Api-Key", "cookie"])
def test_a_credential_in_clear_is_refused_with_the_header_of_a_secret_as_the_way_out(
    tmp_path: Path, kind: str, header: str
) -> None:
    settings = behind(kind, headers={"X-Tenant": "acme", header: "sesame"})
    assert report_on_data(settings, tmp_path) == [
        f"backends.b.headers.{header}: {header!r} carries a credential, which the template would show; take it out "
        f"here, and write secret_headers: {{{header}: {{secret: <its name>, version: <its version id>}}}}"
    ]


@SERVERS
@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (
            {"headers": {"X-Tenant": "acme", "x-tenant": "acme"}},
            "headers.x-tenant: 'x-tenant' is the same header as 'X-Tenant'; keep one",
        ),
        (
            {"secret_headers": {"api-key": SECRET, "Api-Key": SECRET}},
            "secret_headers.Api-Key: 'Api-Key' is the same header as 'api-key'; keep one",
        ),
        (
            {"headers": {"X-Tenant": "acme"}, "secret_headers": {"X-Tenant": SECRET}},
            "secret_headers.X-Tenant: 'X-Tenant' is sent by headers already; keep one",
        ),
        (
            {"bearer": SECRET, "secret_headers": {"authorization": SECRET}},
            "secret_headers.authorization: 'authorization' is sent by bearer already; keep one",
        ),
    ],
)
def test_a_header_is_given_once_in_whatever_capitals(
    tmp_path: Path, kind: str, settings: dict[str, Any], line: str
) -> None:
    assert report_on_data(behind(kind, **settings), tmp_path) == [f"backends.b.{line}"]


@given(st.text(st.characters(max_codepoint=0x100, exclude_characters="{"), max_size=6))
def test_a_header_value_is_printable_ascii_that_fits_in_single_quotes(
    tmp_path_factory: pytest.TempPathFactory, value: str
) -> None:
    settings = behind("http", headers={"X-Tenant": value})
    right = value == value.strip() != "" and all(" " <= character <= "~" and character != "'" for character in value)
    form = "this is not a header value; write printable ASCII without ', no space at either end"
    assert report_on_data(settings, tmp_path_factory.getbasetemp()) == (
        [] if right else [f"backends.b.headers.X-Tenant: {form}"]
    )


@SERVERS
@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"headers": []}, "headers: this is not a map; write headers: {X-Tenant: acme}"),
        ({"headers": {"X-Tenant": 1}}, "headers.X-Tenant: this is not text; put it in quotes"),
        ({"bearer": "sesame"}, f"bearer: this is not a map; write bearer: {EXAMPLE}"),
        ({"secret_headers": "sesame"},
         f"secret_headers: this is not a map; write secret_headers: {{api-key: {EXAMPLE}}}"),
        ({"secret_headers": {"api-key": "sesame"}},
         f"secret_headers.api-key: this is not a map; write api-key: {EXAMPLE}"),
        ({"bearer": {"secret": "acme-ml/key"}}, "bearer.version: missing; write version: "
         "a1b2c3d4-5678-90ab-cdef-EXAMPLE11111"),
        *(
            ({"bearer": {"secret": secret, "version": VERSION}}, "bearer.secret: this is not a name of a secret; write "
             "letters, digits and / _ + = . @ -, no ARN")
            for secret in ("Bearer sesame", "a:b", "arn:aws:secretsmanager:us-east-1:123456789012:secret:a")
        ),
        *(
            ({"secret_headers": {"api-key": {"secret": "a", "version": version}}}, f"secret_headers.api-key.version: "
             f"{version!r} is not a version id of a secret; write its 32 to 64 letters, digits and hyphens")
            for version in ("AWSCURRENT", "a" * 31, "a" * 65, "_" * 40)
        ),
    ],
)  # fmt: skip
def test_a_credential_in_the_wrong_place_is_refused_and_not_repeated(
    tmp_path: Path, kind: str, settings: dict[str, Any], line: str
) -> None:
    lines = report_on_data(behind(kind, **settings), tmp_path)
    assert lines == [f"backends.b.{line}"]
    assert "sesame" not in lines[0]
