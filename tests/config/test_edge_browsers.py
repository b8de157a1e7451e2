"""What the edge says to browsers, and what it answers about its own health."""

from pathlib import Path
from typing import Any

import pytest

from tests.files import SMALL, changed, get, report_on_data


def cors(*origins: Any, **settings: Any) -> dict[str, Any]:
    return changed({"edge.cors": {"origins": list(origins), **settings}})


def with_health(path: str, **models: dict[str, Any]) -> dict[str, Any]:
    return changed({"models": models or SMALL["models"], "edge.health": path})


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
    ("settings", "place", "characters"),
    [
        (cors(*(f"https://a{n:03}.acme.com" for n in range(140))), "edge.cors", 3360),
        (cors("*", headers=[f"X-{n:04}" for n in range(400)]), "edge.cors", 3604),
        (with_health("/" + "a" * 3072), "edge.health", 3073),
    ],
    ids=["origins", "headers", "health"],
)
def test_a_function_of_the_edge_has_room_for_3072_characters(
    tmp_path: Path, settings: dict[str, Any], place: str, characters: int
) -> None:
    assert report_on_data(settings, tmp_path) == [
        f"{place}: origins, headers and health make {characters} characters of a function of CloudFront, which has "
        "room for 3072; list fewer, or write shorter ones"
    ]
