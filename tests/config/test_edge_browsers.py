"""What the edge says to browsers, and what it answers about its own health."""

from pathlib import Path
from typing import Any

import pytest

from tests.files import SMALL, changed, get, report_on_data

URL = "https://model.example.com/invocations"

ORIGIN_FORM = "is not an origin of web pages; write scheme, host and port alone, such as https://app.acme.com, or '*'"
PATH_FORM = "is not a path; write letters, digits and . _ : $ - after each slash, such as /health"


def cors(*origins: Any, **settings: Any) -> dict[str, Any]:
    return changed({"edge.cors": {"origins": list(origins), **settings}})


def with_health(path: str, **models: dict[str, Any]) -> dict[str, Any]:
    return changed({"models": models or SMALL["models"], "edge.health": path})


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        # browsers
        (changed({"edge.cors": {}}), "cors.origins: missing; write origins: ['https://app.acme.com']"),
        (cors(), "cors.origins: empty; write origins: ['https://app.acme.com']"),
        (
            cors("*", "https://app.acme.com"),
            "cors.origins: '*' is all origins already; write it alone, or leave it out",
        ),
        (cors("https://a.b", "https://a.b"), "cors.origins: 'https://a.b' is listed twice; keep one"),
        *(
            (cors(origin), f"cors.origins[0]: {origin!r} {ORIGIN_FORM}")
            for origin in (
                "",
                "app.acme.com",
                "https://",
                "https://app.acme.com/",
                "https://App.acme.com",
                "https://*.acme.com",
                "https://a..b",
                "null",
                "**",
                "https://a:b",
                "ftp://a",
            )
        ),
        *(
            (
                cors(f"https://a:{port}"),
                f"cors.origins[0]: 'https://a:{port}' has a port that does not exist; write 1 to 65535",
            )
            for port in (0, 65536)
        ),
        (
            cors("https://a.b:443"),
            "cors.origins[0]: 'https://a.b:443' names the usual port, which browsers leave out; write https://a.b",
        ),
        (
            cors("http://localhost:80"),
            "cors.origins[0]: 'http://localhost:80' names the usual port, which browsers leave out; write "
            "http://localhost",
        ),
        (
            cors("http://app.acme.com:8080"),
            "cors.origins[0]: 'http://app.acme.com:8080' is not encrypted, so anybody on the way could "
            "change its pages; write "
            "https://app.acme.com, or one of localhost and 127.0.0.1",
        ),
        (
            cors("*", headers=["X Trace"]),
            "cors.headers[0]: 'X Trace' is not a header name; write one such as X-Model-Version",
        ),
        (cors("*", headers=["X-A", "x-a"]), "cors.headers: 'x-a' is listed twice; keep one"),
        (
            cors("*", headers=["*"]),
            "cors.headers[0]: '*' does not cover Authorization; list headers by their names",
        ),
        *(
            (
                cors("*", headers=[header]),
                f"cors.headers[0]: {header!r} is not one that browsers let a page set; leave it out",
            )
            for header in ("Cookie", "host", "Origin", "Referer", "Content-Length", "Connection", "Sec-Fetch-Mode")
        ),
        (
            cors("*", headers=["X-Origin-Verify"]),
            "cors.headers[0]: 'X-Origin-Verify' carries a credential of the gateway itself; leave it out",
        ),
        (
            cors(*(f"https://a{n:03}.acme.com" for n in range(140))),
            "cors: origins, headers and health make 3360 characters of a function of CloudFront, which has room for "
            "3072; list fewer, or write shorter ones",
        ),
        (
            cors("*", headers=[f"X-{n:04}" for n in range(400)]),
            "cors: origins, headers and health make 3604 characters of a function of CloudFront, which has room for "
            "3072; list fewer, or write shorter ones",
        ),
        (
            with_health("/" + "a" * 3072),
            "health: origins, headers and health make 3073 characters of a function of CloudFront, which has room for "
            "3072; list fewer, or write shorter ones",
        ),
        # health
        *(
            (with_health(path), f"health: {path!r} {PATH_FORM}")
            for path in ("", "/", "health", "/health/", "/{a}", "/health/{proxy+}", "/a b")
        ),
        (
            with_health("/a", a=get("/a")),
            "health: '/a' is answered by model 'a', at '/a'; give one of them another path",
        ),
        (
            with_health("/a/x", a=get("/a/{id}", methods=["HEAD"])),
            "health: '/a/x' is answered by model 'a', at '/a/{id}'; give one of them another path",
        ),
        (
            with_health("/health", a=get("/{rest+}")),
            "health: '/health' is answered by model 'a', at '/{rest+}'; give one of them another path",
        ),
        (
            with_health("/m/v2/health/live", m={"url": URL, "protocol": "oip-v2"}),
            "health: '/m/v2/health/live' is answered by model 'm', at '/m/v2/health/live'; give one of them "
            "another path",
        ),
    ],
)
def test_what_the_edge_cannot_tell_browsers_is_refused(tmp_path: Path, settings: dict[str, Any], line: str) -> None:
    assert report_on_data(settings, tmp_path) == [f"edge.{line}"]


@pytest.mark.parametrize(
    "settings",
    [
        cors("*", headers=["Authorization", "Accept", "User-Agent", "X-Amzn-Trace-Id", "X-API-Key"]),
        with_health("/" + "a" * 3071),
        cors("*"),
        cors("https://app.acme.com", "https://app.acme.com:8443", "https://10.0.0.1", headers=["X-Trace-Id"]),
        cors("http://localhost", "http://localhost:3000", "http://127.0.0.1:5173"),
        with_health("/health"),
        with_health("/predict"),
        with_health("/a", a=get("/a/{id}"), b={"url": "https://a.b/{rest}", "path": "/{rest+}"}),
    ],
)
def test_what_the_edge_can_tell_browsers_is_taken(tmp_path: Path, settings: dict[str, Any]) -> None:
    assert report_on_data(settings, tmp_path) == []


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"edge.health": "/a/b", "models.a": get("/a/{id}", methods=["GTE"])}, "models.a.methods[0]"),
        ({"edge.cors.origins": ["*", "x"]}, "edge.cors.origins[1]"),
    ],
)
def test_what_only_follows_from_another_problem_is_not_told(
    tmp_path: Path, changes: dict[str, Any], place: str
) -> None:
    assert [line.partition(": ")[0] for line in report_on_data(changed(changes), tmp_path)] == [place]
