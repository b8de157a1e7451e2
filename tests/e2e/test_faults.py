"""What callers get when a model breaks off its answer or sends a lot: a clear answer in time, and the others serve on.

Models that answer nothing, refuse or fail with a body of their own are those of test_backends_with_care.py.

MiniStack reads an answer to its end before it passes anything on, and takes whatever goes wrong for a mistake in the
configuration: 500, "Internal server error". API Gateway answers 502 or 504 (INTEGRATION_FAILURE, INTEGRATION_TIMEOUT);
of a route that streams, what came before the fault has reached the caller with status 200, and the rest is missing.

Bodies of several MB were once seen to crash a backend behind MiniStack. That did not happen again: 9 MB travel both
ways, several at a time, byte for byte. What does end in an error is a model that answers and closes before it has read
all of the request: its system resets the connection, and MiniStack gives up while it sends, without a look at the
answer.
"""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pytest

from demo.model_requests import JSON
from ml_gateway.local.gateway import LocalGateway
from ml_gateway.local.http_client import Answer, Request
from tests.e2e.faulty_server import BROKEN, SERVED, FaultyServer

pytestmark = pytest.mark.e2e

TIMEOUT: Final = 3
"""Seconds that the API of `cloud` waits for another byte."""
MARGIN: Final = 5
NINE_MEGABYTES: Final = random.Random(9).randbytes(9_000_000)
BREAKING_OFF: Final = ["cut-short", "cut-chunk", "reset", "no-http"]


def post(gateway: LocalGateway, model: str, body: bytes = b"{}") -> Answer:
    return gateway.send_through_edge(Request(method="POST", path=f"/{model}", body=body, headers=JSON))


def expect_service(gateway: LocalGateway) -> None:
    answer = post(gateway, "sound")
    assert (answer.status, answer.json()) == (200, SERVED)


def expect_internal_error(answer: Answer) -> None:
    """Nothing of the half that the model sent; and it is the API's, not the edge's for want of an answer."""
    assert (answer.status, answer.json()) == (500, {"message": "Internal server error"})
    assert answer.content_type == "application/json"


@pytest.mark.parametrize("model", BREAKING_OFF)
def test_answer_that_breaks_off_ends_in_an_error_at_once_and_the_next_is_served(
    faults: LocalGateway, model: str
) -> None:
    started = time.monotonic()
    expect_internal_error(post(faults, model))
    assert time.monotonic() - started < TIMEOUT
    expect_service(faults)


def test_answer_that_stops_without_an_end_ends_in_an_error_after_the_timeout(faults: LocalGateway) -> None:
    started = time.monotonic()
    expect_internal_error(post(faults, "stuck"))
    assert TIMEOUT <= time.monotonic() - started < TIMEOUT + MARGIN
    expect_service(faults)


def test_other_models_serve_while_one_is_silent(faults: LocalGateway, faulty_server: FaultyServer) -> None:
    with ThreadPoolExecutor(max_workers=4) as callers:
        waiting = [callers.submit(post, faults, "silent") for _ in range(4)]
        for _ in waiting:
            assert faulty_server.silent_requests.acquire(timeout=MARGIN)
        for _ in range(10):
            expect_service(faults)
        assert not any(each.done() for each in waiting)
    for each in waiting:
        expect_internal_error(each.result())


def test_error_of_the_model_keeps_its_status_and_its_json(faults: LocalGateway) -> None:
    answer = post(faults, "error")
    assert (answer.status, answer.json(), answer.content_type) == (500, BROKEN, "application/json")
    expect_service(faults)


def test_nine_megabytes_arrive_byte_for_byte_both_ways(faults: LocalGateway) -> None:
    answer = post(faults, "echo", NINE_MEGABYTES)
    assert (answer.status, len(answer.body)) == (200, len(NINE_MEGABYTES))
    assert answer.body == NINE_MEGABYTES


def test_nine_megabytes_of_several_callers_do_not_mix(faults: LocalGateway) -> None:
    bodies = [bytes([each]) * len(NINE_MEGABYTES) for each in range(4)]
    with ThreadPoolExecutor(max_workers=len(bodies)) as callers:
        answers = list(callers.map(lambda body: post(faults, "echo", body), bodies))
    assert [answer.status for answer in answers] == [200] * len(bodies)
    assert all(answer.body == body for answer, body in zip(answers, bodies, strict=True))


def test_small_request_that_the_model_does_not_read_gets_its_answer(faults: LocalGateway) -> None:
    assert post(faults, "unread").status == 401


def test_nine_megabytes_that_the_model_does_not_read_end_in_an_error_and_the_next_is_served(
    faults: LocalGateway,
) -> None:
    expect_internal_error(post(faults, "unread", NINE_MEGABYTES))
    expect_service(faults)
