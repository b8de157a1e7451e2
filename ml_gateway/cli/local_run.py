"""One run of `ml-gateway local`, and all that it prints."""

import json
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console

from ml_gateway.cli.local import server_for
from ml_gateway.config import GatewayConfig, HttpServerConfig, LambdaBackendConfig, SagemakerBackendConfig
from ml_gateway.config.types.by_region import each_in_words
from ml_gateway.conflicts import ConfigError
from ml_gateway.design import ModelDesign
from ml_gateway.local.front import Front, Passed
from ml_gateway.local.gateway import LocalGateway, keys_of_clients
from ml_gateway.local.loopback import serving
from ml_gateway.local.processes import LocalCloudError, exit_when_told_to
from ml_gateway.local.progress import step
from ml_gateway.local.ready_lines import base_url, ready_lines
from ml_gateway.local.servers import local_config, stood_in
from ml_gateway.local.session import running_gateway
from ml_gateway.local.stand_ins import StandIn
from ml_gateway.rules import checked
from ml_gateway.serving import version_name


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalRun:
    """What `file` says, `config`, with the `servers` of this machine, by the place of a backend or model."""

    file: Path
    config: GatewayConfig
    servers: Mapping[str, str]
    port: int
    as_json: bool

    def until_told_to_stop(self) -> int:
        """Returns 1 where it cannot be run; what is said then is one message."""
        exit_when_told_to()
        console = Console(stderr=True, highlight=False, soft_wrap=True)
        try:
            _expect_free(self.port)
            with tempfile.TemporaryDirectory(prefix="ml-gateway-") as directory, serving(StandIn()) as stand_in:
                self._run(stand_in.url, Path(directory), console)
        except (ConfigError, LocalCloudError) as error:
            print(error, file=sys.stderr)
            return 1
        except SystemExit as ended:
            console.print("everything is stopped and removed")
            # Ctrl-C is how a person says that it is enough.
            return 0 if ended.code == 128 + signal.SIGINT else int(ended.code or 0)
        return 0

    def _run(self, stand_in: str, directory: Path, console: Console) -> None:
        generation = self.config.origin_lock.generation
        here = local_config(self.config, model_server=stand_in, generation=generation, servers=self.servers)
        here = stood_in(here, model_server=stand_in, servers=self.servers)
        checked(here)
        for note in self._notes():
            console.print(note, markup=False)
        with running_gateway(
            self.file,
            here,
            directory=directory,
            step=partial(step, console),
            model_server=stand_in,
            servers=self.servers,
        ) as gateway:
            keys = keys_of_clients(here, gateway.cloud)
            owners = {key: name for name, each in keys.items() for key in each.values()}
            owners |= {token: name for name, token in gateway.tokens.items()}
            with serving(Front(gateway, port=self.port, clients=owners, told=self._tell)) as front:
                self._say_ready(gateway, front.url, keys)
                while True:
                    signal.pause()

    def _notes(self) -> Iterator[str]:
        """What is other here than it will be, as far as the file and the machine tell."""
        for place, url in self.servers.items():
            if not _listens(url):
                yield f"{place}: nothing listens at {url} yet"
        for name, backend in self.config.backends.items():
            if isinstance(backend, HttpServerConfig) and backend.secrets:
                yield f"backends.{name}: its server gets made-up values in place of its secrets"
            if isinstance(backend, SagemakerBackendConfig):
                yield f"backends.{name}: no SageMaker is here; its container is asked directly, or a stand-in"
            if isinstance(backend, LambdaBackendConfig):
                function = each_in_words(backend.function)
                yield f"backends.{name}: {function} is a stand-in, which hands its event on or tells of it"
        for name, issuer in self.config.issuers.items():
            yield f"issuers.{name}: a stand-in signs tokens here, and those of {issuer.url} are refused"
        if (domain := self.config.edge.domain) and len(self.config.regions) > 1:
            yield f"edge.domain: {domain.name} leads nowhere here; X-Local-Near: <region> says which one is the nearest"
        elif domain:
            yield f"edge.domain: {domain.name} is left out, as no hosted zone is here"

    def _say_ready(self, gateway: LocalGateway, address: str, keys: Mapping[str, Mapping[str, str]]) -> None:
        design = gateway.design
        if self.as_json:
            models = {name: {"url": base_url(model, address)} for name, model in design.models.items()}
            _print_line({"url": address, "models": models, "clients": keys, "tokens": dict(gateway.tokens)})
            return
        print(f"{design.name} answers at {address} until Ctrl-C")
        for name, model in design.models.items():
            print(f"\n{name}: {self._server_of(name, model)}")
            for line in ready_lines(design, name, address=address, key=self._credential(name, gateway, keys)):
                print(f"  {line}")
        if keys:
            print("\nkeys:")
        for client, each in keys.items():
            for label, key in each.items():
                print(f"  {client} {label}: {key}")
        if gateway.tokens:
            print("\ntokens:")
        for client, token in gateway.tokens.items():
            print(f"  {client}: {token}")
        print(flush=True)

    def _server_of(self, name: str, model: ModelDesign) -> str:
        """The server of a model, or of each of its versions with the share that it gets."""

        def server_of(part: str) -> str:
            return server_for(part, self.config, self.servers) or "a stand-in"

        if model.split is None:
            return server_of(name)
        shares = model.split.shares.items()
        return ", ".join(f"{version} ({share}%) {server_of(version_name(name, version))}" for version, share in shares)

    @staticmethod
    def _credential(model: str, gateway: LocalGateway, keys: Mapping[str, Mapping[str, str]]) -> str | None:
        """A key, or else a token, of a client that may call the model; None without clients."""
        design = gateway.design
        clients = [name for name in design.clients if model in design.may_call(name)]
        credentials = ([*keys[name].values(), *filter(None, [gateway.tokens.get(name)])] for name in clients)
        return next((each for of_client in credentials for each in of_client), None)

    def _tell(self, passed: Passed) -> None:
        if self.as_json:
            _print_line(
                {
                    "at": passed.at.isoformat(timespec="milliseconds"),
                    "method": passed.method,
                    "path": passed.path,
                    "status": passed.status,
                    "seconds": round(passed.seconds, 3),
                    "client": passed.client,
                }
            )
            return
        seconds = f"{passed.seconds:.3f} s"
        by = passed.client or "-"
        print(f"{passed.at:%H:%M:%S}  {passed.status}  {seconds:>9}  {by}  {passed.method} {passed.path}", flush=True)


def _print_line(said: Mapping[str, Any]) -> None:
    print(json.dumps(said), flush=True)


def _expect_free(port: int) -> None:
    """Raises LocalCloudError: it would be found out after the deploy only."""
    try:
        with socket.create_server(("127.0.0.1", port)):
            return
    except (OSError, OverflowError):
        raise LocalCloudError(
            f"port {port} cannot be listened at; write --port with another one, or --port 0"
        ) from None


def _listens(url: str) -> bool:
    address = urlsplit(url)
    try:
        port = address.port or (443 if address.scheme == "https" else 80)
        with socket.create_connection((address.hostname or "", port), timeout=1):
            return True
    except OSError:
        return False
