"""URLs, paths, headers, ports and times: what the services take, and what is said of the rest."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.files import changed, get, report_on_data

URL = "https://model.example.com/invocations"
CACHE = {"default": "1h", "max": "24h"}
USER_NAME = (
    "the URL holds a user name or password, which the template would show; take it out, and have a backend send it: "
    "write secret_headers: {Authorization: ...} there"
)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            "https://user:sesame@model.example.com/",
            USER_NAME,
        ),
        (
            "user:sesame@model.example.com",
            USER_NAME,
        ),
        (
            "https://model.example.com/{proxy}",
            "'https://model.example.com/{proxy}' has the variable {proxy}, which the path of model 'predict' does not "
            "have; write it into that path, or write it out here",
        ),
        *(
            (url, f"{url!r} has braces that hold no variable of its path; write variables such as /scores/{{id}}")
            for url in (
                "https://{host}.example.com/",
                "{scheme}://a/",
                "https://a/{proxy+}",
                "https://a/{}",
                "https://a/{b",
                "https://a/b}",
                "https://a/?b={b}",
                "https://a?{b}",
                "https://a/{b-c}",
            )
        ),
        (
            "https://model.example.com/#a",
            "'https://model.example.com/#a' has a fragment, which no server receives; take out # and what follows",
        ),
        (
            "https://model.example.com/a b",
            "'https://model.example.com/a b' has characters that a URL cannot have (RFC 3986); write them %-encoded",
        ),
        (
            "https://model.example.com/a\n",
            "'https://model.example.com/a\\n' has characters that a URL cannot have (RFC 3986); write them %-encoded",
        ),
        (
            "https://model.example.com/è?é",
            "'https://model.example.com/è?é' has characters that a URL cannot have (RFC 3986); write them %-encoded",
        ),
        *(
            (
                url,
                f"{url!r} has a host with characters beyond ASCII; write it in punycode, such as "
                "xn--bcher-kva.example.com for bücher.example.com",
            )
            for url in ("https://modèle.example.com", "http://a.é:8443/", "https://é?b", "https://é/é")
        ),
        *(
            (url, f"{url!r} has capitals in its scheme; write the scheme in lower case")
            for url in ("HTTPS://m.example.com/x", "Https://modèle.example.com", "hTTP://a/")
        ),
        *(
            (url, f"{url!r} has no scheme; write https:// before it")
            for url in ("model.example.com", "model.example.com:8443/a", "a-b.c_d.org?e=f")
        ),
        *(
            (url, f"{url!r} is not an absolute URL; write one such as {URL}")
            for url in (
                "",
                "model",
                "/invocations",
                "ftp://model.example.com/",
                "https://",
                "https:///x",
                "https://:8080/",
                "https://a..b/",
                "https://a:b/",
                "HTTPS:/a/",
                "FTP://a/",
                "HTTPSX://a/",
            )
        ),
    ],
)
def test_a_url_that_api_gateway_could_not_call_is_refused(tmp_path: Path, url: str, message: str) -> None:
    assert report_on_data(changed({"models.predict.url": url}), tmp_path) == [f"models.predict.url: {message}"]


@pytest.mark.parametrize(
    "url",
    ["https://a.b", "https://a.b:443/", "https://a.b:8443/c/d?e=f&g=@h", "https://8.8.8.8:1024/%20", "https://a_b.c/"],
)
def test_a_url_may_have_a_port_a_path_and_a_query(tmp_path: Path, url: str) -> None:
    assert report_on_data(changed({"models.predict.url": url}), tmp_path) == []


def test_a_url_with_credentials_is_never_repeated_even_in_the_wrong_place(tmp_path: Path) -> None:
    lines = report_on_data(changed({"models.predict": "https://user:sesame@model.example.com/"}), tmp_path)
    assert lines == [f"models.predict: 'https://***@model.example.com/' is not a map; write predict: {{url: '{URL}'}}"]


@pytest.mark.parametrize(
    "path",
    [
        "predict",
        "/",
        "",
        "/a/",
        "//a",
        "/a//b",
        "/a b",
        "/{a}b",
        "/{a-b}",
        "/{}",
        "/{a",
        "/{proxy+}/a",
        "/a/..",
        "/.",
        "/é",
        "/a?b",
        "/a\n",
    ],
)
def test_a_path_that_api_gateway_does_not_take_is_refused(tmp_path: Path, path: str) -> None:
    assert report_on_data(changed({"models.predict.path": path}), tmp_path) == [
        f"models.predict.path: {path!r} is not a path; write letters, digits and . _ : $ - or a variable after "
        "each slash, no slash at the end, such as /fraud/{id}"
    ]


@pytest.mark.parametrize(
    "path",
    ["/a", "/ping/a", "/a/ping", "/v1/fraud:predict", "/a.b/..c", "/$x/_-", "/{proxy+}", "/{a}/b/{c}", "/a/{b}/{c_1+}"],
)
def test_a_path_has_the_characters_of_api_gateway(tmp_path: Path, path: str) -> None:
    assert report_on_data(changed({"models.predict": get(path)}), tmp_path) == []


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("Host", "is never in the cache key, because API Gateway refuses the host of the distribution; leave it out"),
        ("AUTHORIZATION", "is always in the cache key; leave it out"),
        ("accept", "is always in the cache key; leave it out"),
        ("X-Api-Key", "carries a credential of the gateway itself; leave it out"),
        ("x-origin-verify", "carries a credential of the gateway itself; leave it out"),
        ("Accept-Encoding", "is CloudFront's own to add, with compression; leave it out"),
        ("Cookie", "is not one that CloudFront caches by; leave it out"),
        ("x-edge-anything", "is not one that CloudFront caches by; leave it out"),
        ("X Model", "is not a header name; write one such as X-Model-Version"),
        ("", "is not a header name; write one such as X-Model-Version"),
        ("*\n", "is not a header name; write one such as X-Model-Version"),
    ],
)
def test_a_header_that_cannot_be_in_the_cache_key_is_refused(tmp_path: Path, header: str, message: str) -> None:
    settings = changed({"edge.cache": {**CACHE, "headers": ["X-Model", header]}})
    assert report_on_data(settings, tmp_path) == [f"edge.cache.headers[1]: {header!r} {message}"]


@pytest.mark.parametrize(("quota", "most"), [("1000/day", 0), ("1000/week", 6), ("1000/month", 27)])
def test_an_offset_is_at_most_what_the_period_of_its_quota_takes(tmp_path: Path, quota: str, most: int) -> None:
    right = changed({"plans.default.quota": quota, "plans.default.offset": most})
    wrong = changed({"plans.default.quota": quota, "plans.default.offset": most + 1})
    assert report_on_data(right, tmp_path) == []
    assert report_on_data(wrong, tmp_path) == [
        f"plans.default.offset: {most + 1} is more than a quota for each {quota.partition('/')[2]} takes; "
        f"write at most {most}"
    ]


@given(st.integers(0, 70_000))
@example(80)
@example(443)
@example(1023)
@example(1024)
@example(65535)
@example(65536)
def test_a_port_is_one_that_api_gateway_reaches(tmp_path_factory: pytest.TempPathFactory, port: int) -> None:
    lines = report_on_data(changed({"models.predict.url": f"https://a.b:{port}/"}), tmp_path_factory.getbasetemp())
    reached = port in (80, 443) or 1024 <= port <= 65535
    assert lines == (
        []
        if reached
        else [
            f"models.predict.url: API Gateway does not reach port {port}; serve the model on 80, 443 or 1024 to 65535"
        ]
    )


@given(st.integers(0, 40_000))
@example(49)
@example(50)
@example(29_000)
@example(29_001)
def test_a_timeout_is_between_50_ms_and_29_s(tmp_path_factory: pytest.TempPathFactory, milliseconds: int) -> None:
    settings = changed({"models.predict.timeout": f"{milliseconds}ms"})
    lines = report_on_data(settings, tmp_path_factory.getbasetemp())
    assert len(lines) == (0 if 50 <= milliseconds <= 29_000 else 1)


@pytest.mark.parametrize(
    "days",
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
)
def test_a_retention_is_one_that_cloudwatch_logs_offers(tmp_path: Path, days: int) -> None:
    assert report_on_data(changed({"logs.retention": f"{days}d"}), tmp_path) == []
