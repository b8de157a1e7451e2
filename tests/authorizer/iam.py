"""The requests of a gateway to ask an evaluator of IAM about, and the authorizers that answer them."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ml_gateway import GatewayConfig
from ml_gateway.design import GatewayDesign
from ml_gateway.functions import AuthorizerSettings, ClientSettings, write_authorizer
from ml_gateway.rules import identities
from ml_gateway.serving import EVERYTHING, Route, allowed_by
from ml_gateway.serving.collisions import misfits
from ml_gateway.serving.protocols import PROTOCOLS
from tests.authorizer.function import API
from tests.files import changed
from tests.iam.simulator import Case, decided
from tests.rules.broken import conflicts
from tests.synthesis import TOP, Json

INVOKE: Final = "execute-api:Invoke"

Routes = Mapping[str, Sequence[Route]]
"""Those of each model, by its name."""


def answer(folder: Path, client: str, *, until: float | None = None) -> Json:
    """The policy that the authorizer in that folder answers with, at the request for another path.

    API Gateway keeps it for all requests with the same credential, whatever the first of them was.
    """
    return {"folder": str(folder), "client": client, "until": until, "methodArn": f"{API}/v1/GET/first"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What a caller sends, and the model that answers it."""

    method: str
    path: str
    model: str

    @property
    def arn(self) -> str:
        return f"{API}/v1/{self.method}{self.path}"


def requests_for(routes: Routes) -> list[Request]:
    """Of every route several: with values of its variables that look like other paths, and with a slash at the end."""
    owners = {(route.http_method, route.path): model for model, its in routes.items() for route in its}
    paths = sorted({path for _, path in owners})
    found: dict[Request, None] = {}
    for method, path in owners:
        for filled in _filled(path, paths):
            if model := owners.get((method, _chosen(filled, paths))):
                for end in ("", "/"):
                    found[Request(method=method, path=filled + end, model=model)] = None
    return list(found)


def _filled(path: str, paths: Sequence[str]) -> Iterator[str]:
    """The path with values in place of its variables, by which it looks like each of `paths`, or like part of one."""
    yield _laid_over(path, [])
    parts = path.split("/")
    variables = [position for position, part in enumerate(parts) if _looseness(part)]
    for other in paths if variables else ():
        yield _laid_over(path, other.split("/"))
        if path.endswith("+}"):
            yield f"{_laid_over(path, other.split('/'))}/z7"
            yield f"{_laid_over(path, other.split('/'))}/z7/{_laid_over(other, []).rpartition('/')[2]}"
            yield f"{_laid_over(path, [])}/v1/POST{_laid_over(other, [])}"
    loose = {part for other in paths if "{" in other for part in other[1:].split("/")}
    for word in sorted({"v1", "POST", *(part for part in loose if not _looseness(part))}):
        for position in variables:
            yield _laid_over(path, [*parts[:position], word])
        if path.endswith("+}"):
            yield _laid_over(path, [*parts[:-1], "x9", word, "z7"])


def _laid_over(path: str, values: Sequence[str]) -> str:
    """The path with what stands at the same place of `values` in place of each variable; a greedy one takes the rest.

    Where nothing stands there, or another variable, the value is one that no path has.
    """
    literals = ["x9" if _looseness(part) else part for part in values]
    parts = path.split("/")
    at = [*literals, *["x9"] * (len(parts) - len(literals))]
    filled = [at[position] if _looseness(part) else part for position, part in enumerate(parts)]
    return "/".join([*filled, *(at[len(parts) :] if path.endswith("+}") else ())])


def _chosen(request: str, paths: Iterable[str]) -> str:
    """The path that API Gateway chooses: part by part a literal before a variable, and a greedy one last; or none."""
    asked = request.split("/")
    fitting = (path for path in paths if _fits(path.split("/"), asked))
    return min(fitting, key=lambda path: [_looseness(part) for part in path.split("/")], default="")


def _fits(path: Sequence[str], asked: Sequence[str]) -> bool:
    if path[-1].endswith("+}"):
        path = [*path, *[path[-1]] * (len(asked) - len(path))]
    return len(path) == len(asked) and all(
        _looseness(part) or part == its for part, its in zip(path, asked, strict=True)
    )


def _looseness(part: str) -> int:
    """0 of a literal, 1 of a variable, 2 of a greedy one."""
    return part.startswith("{") + part.endswith("+}")


Expected = tuple[str, bool, Case]
"""Who asks what, whether that is to be allowed, and the case that decides it."""


def expected_of(routes: Routes, may_call: Mapping[str, Sequence[str]], folder: Path) -> list[Expected]:
    """Every request of a gateway by each client, which the authorizer in that folder answers."""
    requests = requests_for(routes)
    assert {request.model for request in requests} == routes.keys()
    return [
        (
            f"{client}: {request.method} {request.path} of {request.model}",
            request.model in models,
            Case(policy=answer(folder, client), action=INVOKE, resource=request.arn),
        )
        for client, models in may_call.items()
        for request in requests
    ]


def wrong(expected: Sequence[Expected]) -> list[str]:
    """What is let through or refused although it should not be; there has to be something of both kinds to ask."""
    assert {allowed for _, allowed, _ in expected} == {True, False}
    found = decided([case for _, _, case in expected])
    return [name for (name, allowed, _), its in zip(expected, found, strict=True) if its is not allowed]


def who_may_call(design: GatewayDesign) -> dict[str, tuple[str, ...]]:
    return {client: design.may_call(client) for client in design.clients}


def authorizer_of(design: GatewayDesign, folder: Path) -> Path:
    """The code of the authorizer of that gateway, in the folder, which is made. It checks no credential."""
    clients = {
        name: EVERYTHING
        if client.models is None
        else tuple(each for model in design.may_call(name) for each in allowed_by(design.models[model].served))
        for name, client in design.clients.items()
    }
    return authorizer_with(clients, folder)


def authorizer_with(allowed: Mapping[str, Sequence[str]], folder: Path) -> Path:
    """The same of clients by their names, with what each may call."""
    clients = {name: ClientSettings(keys=(), tokens=None, allowed=tuple(each)) for name, each in allowed.items()}
    folder.mkdir(parents=True)
    write_authorizer(AuthorizerSettings(issuers=(), clients=clients), folder, project=TOP)
    return folder


_RAW_PATHS = [
    "/a", "/a", "/A", "/a-b", "/ab", "/a/b", "/a/{id}", "/a/{id}/b", "/a/v1", "/a/v1/messages/batches", "/a/v2",
    "/a/v2/models/a:b", "/a-b/v1/{f+}", "/{id}", "/{id}/b/{f+}", "/files/{f+}", "/files/v1/POST/a", "/b/{id}/{f+}",
    "/v1/POST/a",
]  # fmt: skip


def _drawn(choose: random.Random) -> dict[str, Any]:
    """A file with three models whose paths begin alike, and two clients that may call some of them."""
    models: dict[str, dict[str, Any]] = {}
    for name in choose.sample(["a", "a-b", "a-b-c", "b", "files"], 3):
        protocol = choose.choice(["raw", choose.choice(list(PROTOCOLS))])
        models[name] = {"url": "https://model.example.com/v1", "protocol": protocol}
        if protocol == "raw":
            methods = choose.choice([["POST"], ["POST", "GET"], ["GET", "PUT"]])
            models[name] |= {"path": choose.choice(_RAW_PATHS), "methods": methods}
    clients = {
        f"client-{count}": {"plan": "default", "models": choose.sample(sorted(models), count)} for count in (1, 2)
    }
    return changed({"models": models, "clients": clients})


def drawn_gateways() -> Iterator[tuple[GatewayDesign, set[str]]]:
    """Gateways that an API can have, each with the clients whose models a rule refuses."""
    choose = random.Random(3)
    while True:
        file = _drawn(choose)
        design = GatewayDesign.of(GatewayConfig(**file))
        if not list(misfits(design.routes)):
            yield design, {str(conflict.at[1]) for conflict in conflicts(identities.calls_of_another_model, file)}
