"""Issuers that rotate, break and hang: what is refused meanwhile, for how long, and who goes on."""

from collections.abc import Callable

import pytest

from ml_gateway.local.issuer import IssuerHandler
from ml_gateway.local.loopback import LoopbackServer, serving
from tests.authorizer.conftest import KEYS
from tests.authorizer.function import AuthorizerProcess, event_with
from tests.authorizer.issuer import FailingIssuer
from tests.authorizer.tokens import claims_of, encoded

DISCOVERY = "/corp/.well-known/openid-configuration"

BREAK: dict[str, Callable[[FailingIssuer], object]] = {
    "503": lambda issuer: setattr(issuer, "answers_with", 503),
    "404": lambda issuer: setattr(issuer, "answers_with", 404),
    "no JSON": lambda issuer: setattr(issuer, "garbage", True),
    "another issuer": lambda issuer: issuer.discovered.update(issuer="https://other.example.com"),
    "itself with a slash": lambda issuer: issuer.discovered.update(issuer=f"{issuer.url_of('corp')}/"),
    "no keys": lambda issuer: issuer.discovered.update(jwks_uri=None),
    "keys in a file": lambda issuer: issuer.discovered.update(jwks_uri="file:///etc/passwd"),
    "keys that are none": lambda issuer: setattr(issuer, "keys_said", {"keys": "k"}),
    "a list of keys": lambda issuer: setattr(issuer, "keys_said", []),
    "a redirect": lambda issuer: setattr(issuer, "redirect", f"{issuer.url}/elsewhere"),
}
"""What an issuer may answer instead."""


def token_of(issuer: FailingIssuer) -> str:
    return issuer.sign(claims_of(issuer))


@pytest.mark.parametrize("break_it", BREAK.values(), ids=list(BREAK))
def test_an_issuer_that_is_broken_is_none_of_the_callers_fault(
    function: AuthorizerProcess, issuer: FailingIssuer, break_it: Callable[[FailingIssuer], object]
) -> None:
    break_it(issuer)
    said = function.ask(token_of(issuer))
    assert (said.answer, said.thrown) == (None, "Unavailable")
    assert [line["issuer"] for line in said.log if "issuer" in line] == [issuer.url_of("corp")]
    assert "/elsewhere" not in issuer.asked
    assert function.ask(KEYS["mobile/a"]).client == "mobile"
    issuer.recover()
    function.later = 11
    assert function.ask(token_of(issuer)).client == "batch"


class KeysWithoutTls(LoopbackServer):
    """Has the keys of an issuer."""

    def __init__(self, issuer: FailingIssuer) -> None:
        super().__init__(IssuerHandler)
        self.keys = issuer.keys


def test_keys_come_by_tls(function: AuthorizerProcess, issuer: FailingIssuer) -> None:
    """Whoever is between could say that theirs are the issuer's."""
    with serving(KeysWithoutTls(issuer)) as server:
        issuer.discovered = {"jwks_uri": f"{server.url}/keys"}
        said = function.ask(token_of(issuer))
    assert said.thrown == "Unavailable"
    assert [line["failed"] for line in said.log if "issuer" in line] == ["KEYS_WITHOUT_TLS"]


def test_an_issuer_that_hangs_is_waited_for_some_seconds_and_then_not_at_all(
    function: AuthorizerProcess, issuer: FailingIssuer
) -> None:
    issuer.hangs = True
    assert function.ask(token_of(issuer)).thrown == "Unavailable"
    assert issuer.asked == [DISCOVERY]
    assert [function.ask(token_of(issuer)).thrown for _ in range(5)] == ["Unavailable"] * 5
    assert issuer.asked == [DISCOVERY]
    issuer.hangs = False
    function.later = 9
    assert function.ask(token_of(issuer)).thrown == "Unavailable"
    function.later = 11
    assert function.ask(token_of(issuer)).client == "batch"


def test_one_broken_issuer_is_no_other_one(function: AuthorizerProcess, issuer: FailingIssuer) -> None:
    issuer.discovered = {"issuer": issuer.url_of("pool")}
    assert function.ask(token_of(issuer)).thrown == "Unavailable"
    assert function.ask(issuer.sign(claims_of(issuer, "pool"))).client == "pool"


def test_keys_are_fetched_once_for_many_tokens(function: AuthorizerProcess, issuer: FailingIssuer) -> None:
    assert function.ask_together([event_with(token_of(issuer)) for _ in range(10)]).client == "batch"
    assert function.ask(token_of(issuer)).client == "batch"
    assert issuer.asked == [DISCOVERY, "/keys"]


def test_keys_are_asked_for_again_after_ten_minutes(function: AuthorizerProcess, issuer: FailingIssuer) -> None:
    assert function.ask(token_of(issuer)).client == "batch"
    function.later = 599
    function.ask(token_of(issuer))
    assert len(issuer.asked) == 2
    function.later = 601
    function.ask(token_of(issuer))
    assert len(issuer.asked) == 4


def test_a_new_key_is_found_and_the_old_one_is_gone(function: AuthorizerProcess, issuer: FailingIssuer) -> None:
    """The issuer rotates: an unknown key is asked for, half a minute after the last time at the earliest."""
    before = token_of(issuer)
    assert function.ask(before).client == "batch"
    issuer.rotate()
    assert function.ask(token_of(issuer)).refused == "ERR_JWKS_NO_MATCHING_KEY"
    function.later = 31
    assert function.ask(token_of(issuer)).client == "batch"
    assert function.ask(before).thrown == "Unauthorized"


def test_an_old_key_is_refused_within_ten_minutes(function: AuthorizerProcess, issuer: FailingIssuer) -> None:
    """A key that was stolen and taken out, while nobody sends a token of a new one."""
    before = token_of(issuer)
    assert function.ask(before).client == "batch"
    issuer.rotate()
    function.later = 601
    assert function.ask(before).thrown == "Unauthorized"


def test_made_up_keys_cost_the_issuer_one_question_in_half_a_minute(
    function: AuthorizerProcess, issuer: FailingIssuer
) -> None:
    rest = token_of(issuer).partition(".")[2]
    for number in range(20):
        function.ask(f"{encoded({'alg': 'RS256', 'kid': f'k{number}'})}.{rest}")
    assert len(issuer.asked) == 2
    function.later = 31
    for number in range(20):
        function.ask(f"{encoded({'alg': 'RS256', 'kid': f'k{number}'})}.{rest}")
    assert len(issuer.asked) == 4


def test_the_last_good_keys_go_on_for_an_hour(function: AuthorizerProcess, issuer: FailingIssuer) -> None:
    assert function.ask(token_of(issuer)).client == "batch"
    issuer.answers_with = 500
    for minutes in (11, 22, 33, 44, 55):
        function.later = minutes * 60
        assert function.ask(token_of(issuer)).client == "batch"
    function.later = 66 * 60
    assert function.ask(token_of(issuer)).thrown == "Unavailable"
    issuer.recover()
    function.later = 67 * 60
    assert function.ask(token_of(issuer)).client == "batch"


def test_a_new_key_of_an_issuer_that_fails_is_not_called_wrong(
    function: AuthorizerProcess, issuer: FailingIssuer
) -> None:
    assert function.ask(token_of(issuer)).client == "batch"
    issuer.rotate()
    issuer.answers_with = 500
    function.later = 31
    assert function.ask(token_of(issuer)).thrown == "Unavailable"
    issuer.recover()
    function.later = 72
    assert function.ask(token_of(issuer)).client == "batch"
