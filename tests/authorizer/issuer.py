"""An issuer that fails in each way that one can."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, cast

from ml_gateway.config.types.tokens import DISCOVERY
from ml_gateway.local.issuer import IssuerHandler, LocalIssuer

Json = dict[str, Any]


class FailingIssuer(LocalIssuer):
    """`discovered`, `keys_said`: what it says in place of what is right. `answers_with`, `redirect`, `hangs`,
    `garbage`: how it answers. `asked`: the paths that were asked for."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, _Failing)
        self.asked: list[str] = []
        self.recover()

    def recover(self) -> None:
        self.discovered: Json = {}
        self.keys_said: Any = None
        self.answers_with = 200
        self.redirect: str | None = None
        self.garbage = False
        self.hangs = False

    @contextmanager
    def failing(self, way: Literal["hangs", "garbage"]) -> Iterator[None]:
        """Until the block ends."""
        setattr(self, way, True)
        try:
            yield
        finally:
            self.recover()


class _Failing(IssuerHandler):
    def send_response(self, code: int, message: str | None = None) -> None:
        super().send_response(cast(FailingIssuer, self.server).answers_with if code == 200 else code, message)

    def do_GET(self) -> None:  # noqa: N802 (http.server)
        issuer = cast(FailingIssuer, self.server)
        issuer.asked.append(self.path)
        if issuer.hangs:
            issuer.stopping.wait(timeout=20)
            return
        if issuer.redirect:
            self.send_response(302)
            self.send_header("Location", issuer.redirect)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        super().do_GET()

    def answer(self, said: Mapping[str, Any]) -> None:
        issuer = cast(FailingIssuer, self.server)
        if issuer.garbage:
            self.send_response(200)
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"<html")
            return
        if DISCOVERY in self.path:
            said = {**said, **issuer.discovered}
        elif issuer.keys_said is not None:
            said = issuer.keys_said
        super().answer(said)
