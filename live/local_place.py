"""The local cloud as the place of a run: what it cannot show, questions.yaml says."""

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, ClassVar, Final, Protocol
from urllib.parse import urlsplit

from live.caller import Caller
from live.place import DeployError, PlaceName
from live.plan import (
    ALL_OF_FILES,
    ECHO_OF_FILES,
    ISSUER_OF_FILES,
    Beside,
    Brought,
    Plan,
    regions,
    streamer,
)
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.bootstrap import bootstrap
from ml_gateway.local.cdk_cli import WITHOUT_CHANGE_SETS, CdkCli
from ml_gateway.local.cloud import API_PATH, Cloud, running_cloud
from ml_gateway.local.gateway import through_cloudfront
from ml_gateway.local.issuer import LocalIssuer
from ml_gateway.local.loopback import serving
from ml_gateway.local.processes import LocalCloudError, child_environment, child_process
from ml_gateway.local.stand_ins import define_function
from ml_gateway.naming import EDGE_REGION

ECHO: Final = Path(__file__).with_name("echo") / "local.mjs"
SECONDS_TO_START: Final = 20
ISSUER: Final = "issuer"
NO_STREAM: Final = "def handler(event, context):\n    return {'statusCode': 200, 'body': 'in one piece'}\n"


class Signer(Protocol):
    """An issuer on loopback whose certificate the cloud trusts."""

    def url_of(self, issuer: str) -> str: ...

    def sign(self, claims: Mapping[str, Any]) -> str: ...


class LiveCdk(CdkCli):
    """Runs `live.app`, where its base class runs `ml_gateway.local.app`."""

    app_module: ClassVar = "live.app"


class LocalPlace:
    """A cloud that runs already, with its regions bootstrapped. The server behind the models runs until the `stack` is
    closed."""

    name: PlaceName = "local cloud"
    # Whose zone it is, nobody asks here.
    brought: Brought = ALL_OF_FILES
    patience = 30.0
    pause = 0.1

    def __init__(self, cloud: Cloud, issuer: Signer, directory: Path, stack: ExitStack) -> None:
        self.directory = directory
        self._cloud = cloud
        self._issuer = issuer
        self._stack = stack
        self._server: str | None = None
        self._cdk = LiveCdk(cloud=cloud, directory=directory / "cdk", context={})

    def expect_ready(self) -> None:
        """It is."""

    def client(self, service: str, region: str = EDGE_REGION) -> Any:
        return CloudInventory(self._cloud).client(service, region)

    def start_server(self, name: str, word: str, version: str) -> Beside:
        self._server = self._stack.enter_context(_echo(word, self.directory))
        functions = self.client("lambda")
        define_function(functions, streamer(name), {"handler.py": NO_STREAM})
        self._stack.callback(functions.delete_function, FunctionName=streamer(name))
        # The app leads both to loopback, which no file may name.
        return Beside(echo=f"{ECHO_OF_FILES}/{word}", issuer=ISSUER_OF_FILES, version=version)

    def plan(self, name: str, files: tuple[str, ...]) -> Plan:
        issuer = self._issuer.url_of(ISSUER)
        return Plan(name=name, files=files, server=self._server, issuer=issuer, cloud_port=self._cloud.port)

    def deploy(self, plan: Plan) -> None:
        self._cdk.context["plan"] = str(plan.write(self.directory))
        try:
            self._cdk.deploy(options=(*WITHOUT_CHANGE_SETS, "--concurrency", "2"))
        except LocalCloudError as error:
            raise DeployError(str(error)) from error

    def edge(self, domain: str) -> Caller:
        return Caller(self._cloud.endpoint, through_cloudfront(domain))

    def api(self, invoke_url: str) -> Caller:
        address = urlsplit(invoke_url)
        api_id = (address.hostname or "").partition(".")[0]
        return Caller(f"{self._cloud.endpoint}{API_PATH}/{api_id}{address.path.rstrip('/')}")

    def vpc_links(self) -> list[Any]:
        """The local cloud has none."""
        return []

    def sign(self, claims: Mapping[str, Any]) -> str:
        return self._issuer.sign({"iss": self._issuer.url_of(ISSUER), **claims})

    def secrets(self) -> list[str]:
        return [self._cloud.account, self._server or self._cloud.endpoint]


@contextmanager
def local_place(directory: Path) -> Iterator[LocalPlace]:
    """A local cloud of its own, until the block ends."""
    with ExitStack() as stack:
        issuer = stack.enter_context(serving(LocalIssuer(directory)))
        cloud = stack.enter_context(running_cloud(directory, certificates=issuer.certificate))
        place = LocalPlace(cloud, issuer, directory, stack)
        bootstrap(cloud, regions(place.brought))
        yield place


@contextmanager
def _echo(word: str, directory: Path) -> Iterator[str]:
    """The URL of the server that would be a function on an account, run by Node."""
    log = directory / "echo.log"
    variables = {"ECHO_WORD": word}
    with child_process(
        ["node", str(ECHO)], environment=child_environment(directory, variables), log=log, directory=directory
    ) as process:
        deadline = time.monotonic() + SECONDS_TO_START
        while not (said := log.read_text()).endswith("\n"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise LocalCloudError(f"the server behind the models did not start: {said}")
            time.sleep(0.02)
        yield f"http://127.0.0.1:{said.split()[-1]}"
