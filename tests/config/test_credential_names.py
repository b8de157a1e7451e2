"""The names of headers and query keys that carry credentials: one list, whose members are refused in clear wherever
a file, or a value of Python, has them.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_gateway import HttpBackend, LoadBalancerBackend, ModelConfig
from ml_gateway.config.types.headers import check_clear_header
from ml_gateway.credentials import carries_a_credential, query_key_with_a_credential
from ml_gateway.wording import shown
from tests.files import LOAD_BALANCER, behind, changed, report_on_data

URL = "https://model.example.com/invocations"

HEADERS = (
    # RFC 9110, RFC 6265
    "Authorization", "Proxy-Authorization", "Cookie",
    # Azure OpenAI, API Management, Functions, Event Grid; Google; Anthropic and API Gateway; Kong and Supabase
    "api-key", "Ocp-Apim-Subscription-Key", "x-functions-key", "aeg-sas-key", "x-goog-api-key", "x-api-key", "apikey",
    # AWS, IBM, OpenStack, Vault, GitLab, Cloudflare, Hasura, Datadog
    "X-Amz-Security-Token", "X-IBM-Client-Secret", "X-Auth-Token", "X-Vault-Token", "PRIVATE-TOKEN", "X-Auth-Key",
    "CF-Access-Client-Secret", "cf-aig-authorization", "X-Hasura-Admin-Secret", "DD-API-KEY", "DD-APPLICATION-KEY",
    # RapidAPI, ElevenLabs, Brave, Modal, Helicone, Portkey, Parse
    "X-RapidAPI-Key", "X-RapidAPI-Proxy-Secret", "xi-api-key", "X-Subscription-Token", "Modal-Key", "Modal-Secret",
    "Helicone-Auth", "x-portkey-api-key", "X-Parse-REST-API-Key",
    # of nobody in particular
    "X-Key", "X-Token", "X-Secret", "X-Password", "X-Auth", "X-Signature", "X-Hub-Signature-256", "X-Api-Key-2",
    "accessToken", "clientSecret", "X-ApiKey", "x_api_key", "session-jwt",
)  # fmt: skip
QUERY_KEYS = (
    "key", "code", "sig", "api_key", "apikey", "apiKey", "api-key", "subscription-key", "token", "access_token", "auth",
    "password", "pwd", "client_secret", "signature", "X-Amz-Signature", "X-Amz-Credential", "X-Goog-Signature",
    "%6bey", "c%6Fde",
)  # fmt: skip
HARMLESS_HEADERS = (
    "X-Tenant", "Accept", "Content-Type", "X-Model-Version", "Anthropic-Version", "OpenAI-Organization", "X-Max-Tokens",
    "Idempotency-Key", "X-Partition-Key", "partitionKey", "X-Auth-Email", "CF-Access-Client-Id", "X-Author", "X-Turkey",
    "X-Keyword", "X-Bypass",
)  # fmt: skip
HARMLESS_QUERIES = ("country_code=de", "version=2", "max_tokens=5", "key=", "key", "keys=a", "api-version=2024-10-21")


@pytest.mark.parametrize("spelled", [str, str.lower, str.upper], ids=["as it is", "lower", "upper"])
@pytest.mark.parametrize("header", HEADERS)
def test_a_header_that_carries_a_credential_is_known_by_its_name(header: str, spelled: type[str]) -> None:
    assert carries_a_credential(spelled(header))
    with pytest.raises(ValueError, match="write secret_headers"):
        check_clear_header(spelled(header))


@pytest.mark.parametrize("header", HARMLESS_HEADERS)
def test_a_header_that_carries_none_is_taken(header: str) -> None:
    assert check_clear_header(header) == header


@pytest.mark.parametrize("header", HEADERS)
def test_a_credential_in_a_header_in_clear_is_refused_in_python(header: str) -> None:
    with pytest.raises(ValueError, match=r"HttpBackend\.headers\..*write secret_headers") as refusal:
        HttpBackend(url=URL, headers={header: "sesame"})
    assert "sesame" not in str(refusal.value)
    with pytest.raises(ValueError, match=r"LoadBalancerBackend\.headers\..*write secret_headers"):
        LoadBalancerBackend(
            name="b", host="a.internal", port=80, load_balancer=LOAD_BALANCER, vpc_link="a", headers={header: "sesame"}
        )


@pytest.mark.parametrize("key", QUERY_KEYS)
def test_a_credential_in_a_query_is_refused_with_a_header_or_a_function_as_the_way_out(
    tmp_path: Path, key: str
) -> None:
    url = f"{URL}?a=b&{key}=sesame"
    name = query_key_with_a_credential(f"{key}=x")
    message = (
        f"the URL holds the value of {name!r}, which the template would show; send it as a header, by secret_headers "
        "of a backend, or write a backend of type lambda, whose function adds it"
    )
    assert report_on_data(changed({"models.predict.url": url}), tmp_path) == [f"models.predict.url: {message}"]
    assert report_on_data(behind("http", url=url), tmp_path) == [f"backends.b.url: {message}"]
    for build in (lambda: HttpBackend(url=url), lambda: ModelConfig(url=url)):
        with pytest.raises(ValueError, match="the URL holds the value of") as refusal:
            build()
        assert "sesame" not in str(refusal.value)


@pytest.mark.parametrize("query", HARMLESS_QUERIES)
def test_a_query_without_a_credential_is_taken(tmp_path: Path, query: str) -> None:
    assert report_on_data(changed({"models.predict.url": f"{URL}?{query}"}), tmp_path) == []


@pytest.mark.parametrize("url", ["https://user:sesame@model.example.com/", "//user:sesame@a.example.com", "u:sesame@a"])
def test_a_user_name_in_a_url_is_refused_with_a_header_as_the_way_out(url: str) -> None:
    for build in (lambda: HttpBackend(url=url), lambda: ModelConfig(url=url)):
        with pytest.raises(ValueError, match=r"user name or password.*write secret_headers") as refusal:
            build()
        assert "sesame" not in str(refusal.value)


@given(st.sampled_from([*QUERY_KEYS, *HEADERS]), st.sampled_from("?&;"), st.text("ab/:@", max_size=5))
def test_no_message_repeats_a_credential_of_a_url(key: str, separator: str, before: str) -> None:
    assert "sesame" not in shown(f"wss://a.example.com/{before}{separator}{key}=sesame")
    assert "sesame" not in shown(f"https://a.example.com#{key}=sesame")
