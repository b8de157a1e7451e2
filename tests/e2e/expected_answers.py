"""What a gateway should answer, by its file alone, and which changes of a file may refuse what both versions serve."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import cycle
from typing import Final

from demo.model_requests import example_request, path_at_server
from demo.observations import refusal_status
from ml_gateway import GatewayConfig
from ml_gateway.design import GatewayDesign
from ml_gateway.errors import PAUSED
from ml_gateway.local.http_client import Request
from ml_gateway.review.interruptions import UNTIL_THE_EDGE
from ml_gateway.review.plans import MOVED_KEY
from tests.e2e.changing_gateway import SERVED

PAGE: Final = "https://app.acme.com"
ANSWERED_BY_THE_EDGE: Final = 204
"""To a preflight."""

Caller = tuple[str, str] | None
"""Client and key; None sends no key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """A status, and with 200 from a model the path at which its server is asked. `model`: whose route it is."""

    status: int
    arrives_at: str | None = None
    model: str | None = None


@dataclass(frozen=True, kw_only=True)
class ExpectedGateway:
    """The gateway of a file."""

    config: GatewayConfig

    @cached_property
    def design(self) -> GatewayDesign:
        return GatewayDesign.of(self.config)

    @property
    def callers(self) -> tuple[Caller, ...]:
        found = [(name, key) for name, client in self.design.clients.items() for key in client.keys]
        return tuple(found) or (None,)

    def questions(self) -> Iterator[tuple[Request, Caller]]:
        """Each route, and what the edge answers by itself; each caller asks at least once."""
        routes = [example_request(route) for model in self.design.models.values() for route in model.routes]
        callers = cycle(self.callers)
        for number in range(max(len(routes), len(self.callers))):
            yield routes[number % len(routes)], next(callers)
        if self.design.edge.health:
            yield Request(method="GET", path=self.design.edge.health), None
        if self.design.edge.cors:
            asks = {"Origin": PAGE, "Access-Control-Request-Method": routes[0].method}
            yield Request(method="OPTIONS", path=routes[0].path, headers=asks), None

    def answer(self, request: Request, caller: Caller) -> Expected:
        """What a request gets that the gateway, or another version of it, serves."""
        edge = self.design.edge
        if (request.method, request.path) == ("GET", edge.health):
            return Expected(status=SERVED)
        if request.method == "OPTIONS" and edge.cors:
            return Expected(status=ANSWERED_BY_THE_EDGE)
        found = self._asked(request)
        if found is None:
            return Expected(status=self._refused("MISSING_AUTHENTICATION_TOKEN"))
        model, arrives_at = found
        if self.design.clients and caller not in self.callers:
            return Expected(status=self._refused("INVALID_API_KEY"), model=model)
        if self.config.models[model].paused:
            return Expected(status=PAUSED.status, model=model)
        return Expected(status=SERVED, arrives_at=arrives_at, model=model)

    def _asked(self, request: Request) -> tuple[str, str] | None:
        """The model that a request is for, and where it arrives; paths that are drawn do not overlap."""
        for name, model in self.design.models.items():
            for route in model.routes:
                values = re.fullmatch(_pattern(route.path), request.path)
                if values and route.http_method == request.method:
                    return name, path_at_server(self.design, name, route).format(**values.groupdict())
        return None

    def _refused(self, response_type: str) -> int:
        return int(refusal_status(self.config, response_type))


def _pattern(path: str) -> str:
    """With a group for each variable."""
    one = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
    return re.sub(r"\{(\w+)\+\}", r"(?P<\1>.+)", one)


@dataclass(frozen=True, kw_only=True, slots=True)
class Interruption:
    """A kind of change that may refuse what both versions serve, from the API's deploy to the edge's, or that fails.

    `row` is how its row in docs/changes.md begins, `announced` what the review says, `fails` whether the API's deploy
    does.
    """

    row: str
    announced: str
    happens: Callable[[GatewayDesign, GatewayDesign], bool]
    fails: bool = False


def _has_its_first_or_loses_its_last_client(old: GatewayDesign, new: GatewayDesign) -> bool:
    return bool(old.clients) != bool(new.clients)


def _has_another_stage(old: GatewayDesign, new: GatewayDesign) -> bool:
    return old.stage != new.stage


def _moves_a_key(old: GatewayDesign, new: GatewayDesign) -> bool:
    """Values that stand at a client are its own plan, whatever they are."""
    return any(
        set(old.clients[name].keys) & set(new.clients[name].keys) and _plan(old, name) != _plan(new, name)
        for name in old.clients.keys() & new.clients.keys()
    )


def _plan(design: GatewayDesign, client: str) -> str | None:
    plan = design.clients[client].plan
    return plan if isinstance(plan, str) else None


INTERRUPTIONS: Final = (
    Interruption(
        row="| the first client comes, or the last one goes | everybody, ",
        announced=UNTIL_THE_EDGE,
        happens=_has_its_first_or_loses_its_last_client,
    ),
    Interruption(row="| another `stage` | everybody, ", announced=UNTIL_THE_EDGE, happens=_has_another_stage),
    Interruption(
        row="| a client goes to another plan with the key it has | the deploy fails, ",
        announced=MOVED_KEY,
        happens=_moves_a_key,
        fails=True,
    ),
)
"""All that docs/changes.md knows of what is drawn: every other change refuses nobody whom both versions serve."""

NOT_DRAWN: Final = (
    "| a version with a share is taken out, or the model gets plain while it has several | ",
    "| the API is destroyed and deployed again | ",
    "| everything is destroyed and deployed again | ",
    "| it goes, or `edge.domain.origin` changes | ",
    "| another `path` of a model, where clients have `models` | ",
)
"""How the other rows begin that tell of somebody."""
