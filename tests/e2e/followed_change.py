"""Follows one change of a gateway: who is served before it, meanwhile, after a failure, and when it is complete."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import Final

from demo.observations import steady_requests
from ml_gateway.local.http_client import Answer, Request
from ml_gateway.review.assembly import Assembly, StackId, Template
from ml_gateway.review.changes import compare
from ml_gateway.review.guards import findings
from tests.e2e.changing_gateway import NO_KEY, SERVED, ChangingGateway
from tests.e2e.expected_answers import ANSWERED_BY_THE_EDGE, INTERRUPTIONS, Caller, Expected, ExpectedGateway
from tests.e2e.stack_deployer import COMPLETE, ROLES, Role, Stacks

IN_FLIGHT: Final = 4
"""Questions that are asked all the time."""
PACE: Final = 0.05
"""Seconds from one request to the next: a deploy of three stacks takes half of one."""
MOST_REQUESTS: Final = 10_000

SERVED_STATUSES: Final = frozenset({SERVED, ANSWERED_BY_THE_EDGE})
REFUSED_STATUSES: Final = frozenset({401, 403, 404})

Question = tuple[Request, Caller]


class FollowedChange:
    """The old version is deployed, as `before`, and the new one is to be, as `after`."""

    def __init__(
        self, gateway: ChangingGateway, *, old: ExpectedGateway, new: ExpectedGateway, before: Stacks, after: Stacks
    ) -> None:
        self.gateway = gateway
        self._old = old
        self.new = new
        self.before = before
        self.after = after
        self._keys = self._keys_of(old)
        self._interruptions = [each for each in INTERRUPTIONS if each.happens(old.design, new.design)]
        self._lasting = [
            each for each in old.questions() if {_status(old, each), _status(new, each)} <= SERVED_STATUSES
        ]
        self.announced = reviewed(before, after)
        self.fails = any(each.fails for each in self._interruptions)

    def expect_announcements(self) -> None:
        """Of each interruption, and of all that the new version refuses; and of no interruption that is none."""
        said = "\n".join(self.announced)
        happens = {each.announced for each in self._interruptions}
        assert happens == {each.announced for each in INTERRUPTIONS if each.announced in said}, said
        for question in self._old.questions():
            before, after = self._old.answer(*question), self.new.answer(*question)
            if after.status in REFUSED_STATUSES:
                words = _announcing(question, before, after)
                assert any(all(word in line for word in words) for line in self.announced), f"{words} not in: {said}"

    def deploy(self, *, failing: Role | None = None, roles: Sequence[Role] = ROLES) -> None:
        """Until it is complete, or fails where it is to."""
        asked: list[set[int]] = []
        with self._in_flight() as statuses:
            ended = self.gateway.deployer.deploy(
                self.after, failing=failing, roles=roles, after_each=lambda: asked.append(self._ask_lasting())
            )
        last, status = list(ended.items())[-1]
        is_complete = status in COMPLETE
        assert (last, is_complete) == self._expected_end(failing, roles), ended
        seen = dict(zip(ended, asked, strict=True))
        if not (self._interruptions and ended.get("api") in COMPLETE):
            assert set().union(statuses, *asked) <= SERVED_STATUSES, (statuses, seen)
        assert set(statuses) <= SERVED_STATUSES | REFUSED_STATUSES, statuses
        assert seen["keys"] <= SERVED_STATUSES, "the keys alone refuse nobody"
        if is_complete:
            self._expect_new()
        elif last != "edge":
            self._expect_old()

    def _expected_end(self, failing: Role | None, roles: Sequence[Role]) -> tuple[Role, bool]:
        fails = "api" if self.fails and failing != "keys" else failing
        return (fails, False) if fails else (roles[-1], True)

    def _expect_old(self) -> None:
        self._expect(self._old, list(self._old.questions()))

    def _expect_new(self) -> None:
        """And nothing of the old version that is not in it."""
        keys = self._keys_of(self.new)
        both = self._keys.keys() & keys.keys()
        assert {caller: self._keys[caller] for caller in both} == {caller: keys[caller] for caller in both}
        self._keys = {**keys, **self._keys}
        self._expect(self.new, [*self.new.questions(), *self._old.questions()])

    def _expect(self, version: ExpectedGateway, questions: Sequence[Question]) -> None:
        for (request, caller), answer in self._answers(questions):
            expected = version.answer(request, caller)
            received = (answer.json() or {}).get("received", {}) if expected.arrives_at else {}
            seen = (answer.status, received.get("path"))
            asked = f"{request.method} {request.path} as {caller}"
            assert seen == (expected.status, expected.arrives_at), f"{asked}: {seen}, expected {expected}"

    def _answers(self, questions: Sequence[Question]) -> Iterator[tuple[Question, Answer]]:
        callers = {caller for _, caller in questions}
        with ExitStack() as stack:
            edges = {each: stack.enter_context(closing(self.gateway.edge(self._keys[each]))) for each in callers}
            for request, caller in questions:
                yield (request, caller), edges[caller].send(request)

    @contextmanager
    def _in_flight(self) -> Iterator[list[int]]:
        """The statuses of what lasts, of which some is asked all the time; complete only when the block is over."""
        statuses: list[int] = []
        chosen = self._lasting[:: len(self._lasting) // IN_FLIGHT or 1][:IN_FLIGHT]
        with ExitStack() as stack:
            seen = [stack.enter_context(self._asking(*question)) for question in chosen]
            yield statuses
        statuses.extend(int(status) for each in seen for status in each)

    @contextmanager
    def _asking(self, request: Request, caller: Caller) -> Iterator[list[str]]:
        edge = self.gateway.edge(self._keys[caller])
        with closing(edge), steady_requests(edge, request, PACE, most=MOST_REQUESTS) as statuses:
            yield statuses

    def _ask_lasting(self) -> set[int]:
        return {answer.status for _, answer in self._answers(self._lasting)}

    def _keys_of(self, version: ExpectedGateway) -> Mapping[Caller, str]:
        return {None: NO_KEY} | {each: self.gateway.key(*each) for each in version.callers if each}


def _status(version: ExpectedGateway, question: Question) -> int:
    return version.answer(*question).status


def _announcing(question: Question, before: Expected, after: Expected) -> Sequence[str]:
    """The words of the review's line about what a model, its caller, or a caller of the edge itself loses."""
    request, caller = question
    if before.model is None:
        return [f"GET {request.path}"] if request.method == "GET" else ["pages of ", " may no longer call"]
    if after.model is None:
        return [f"model {before.model}"]
    return [f"client {caller[0]}", f"key {caller[1]}"] if caller else ["the first client of"]


def reviewed(before: Stacks, after: Stacks) -> Sequence[str]:
    """What the review says that a deploy loses."""
    old, new = _assembly(before), _assembly(after)
    found = findings(compare(old, new), old=old, new=new)
    return ["".join(word if isinstance(word, str) else word.text for word in finding.what) for finding in found]


def _assembly(stacks: Stacks) -> Assembly:
    return {StackId(each.name, each.region): Template.model_validate(each.template) for each in stacks.values()}
