"""Questions about the API's document, and what a second deploy makes of it."""

from typing import Final

from live.gateway import Asked
from live.observations.seen import Seen, compared, distinct
from ml_gateway.credentials import API_KEY_HEADER

REQUEST_ID: Final = "x-request-id"
LEAST_GAP: Final = 0.2
"""Seconds between two pieces of a stream, which the server sends half a second apart: below it they came together."""


def import_(asked: Asked) -> Seen:
    """That both are deployed is the answer: a warning fails the import."""
    statuses = [asked.open.edge.ask("POST", "/echo").status, asked.clients.client("reader").ask("POST", "/echo").status]
    return compared("both are deployed, and answer 200", f"both are deployed, and answer {distinct(statuses)}")


def document_reference(asked: Asked) -> Seen:
    """What the server got as its token: the value of the secret, or the text of the reference."""
    got = asked.open.edge.ask("POST", "/provider").received.get("headers", {}).get("authorization", "")
    if got == f"Bearer {asked.bearer}":
        return Seen(held=True, saw="the value of the secret")
    return Seen(held=False, saw="the text of the reference" if "resolve:" in got else "something else")


def colon(asked: Asked) -> Seen:
    answer = asked.open.edge.ask("POST", "/iris/v1/models/iris:predict")
    return compared("200 at the same path", f"{answer.status} at {_same(answer.received.get('path'))}")


def _same(path: object) -> str:
    return "the same path" if path == "/v1/models/iris:predict" else "another path"


def request_id(asked: Asked) -> Seen:
    answer = asked.open.api.ask("POST", "/echo", {API_KEY_HEADER: "0" * 64})
    named = answer.headers.get(REQUEST_ID, "")
    return compared("401 with an id", f"{answer.status} {'with an id' if len(named) > 8 else 'without an id'}")


def stream(asked: Asked) -> Seen:
    answer = asked.open.edge.ask("POST", "/stream")
    gaps = [later - before for before, later in zip(answer.pieces, answer.pieces[1:], strict=False)]
    apart = [gap for gap in gaps if gap > LEAST_GAP]
    return Seen(
        held=answer.status == 200 and len(apart) >= 2,
        saw=f"{answer.status}, {len(answer.pieces)} pieces, {len(apart)} of them later than the one before",
    )


def renamed_variable(asked: Asked) -> Seen:
    answer = asked.open.edge.ask("GET", "/items/seven")
    same = answer.received.get("path") == "/items/seven"
    return compared("200 at the same path", f"{answer.status} at {'the same path' if same else 'another path'}")


def removed_route(asked: Asked) -> Seen:
    return compared("404 unknown_url", asked.open.edge.ask("GET", "/gone").refusal)


def rotation(asked: Asked) -> Seen:
    """Of all that was asked while the second deploy went on."""
    return compared("200", distinct(asked.meanwhile["/echo"]))
