"""What an HTTP server is sent, reached by a URL or behind a load balancer: fixed values in clear, credentials never."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.files import behind, report_on_data

VERSION = "a1b2c3d4-5678-90ab-cdef-0123456789ab"
SECRET = {"secret": "acme-ml/key", "version": VERSION}


@pytest.mark.parametrize("kind", ["http", "load_balancer"])
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
