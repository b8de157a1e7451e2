"""Where a run takes place: all in which an account and the local cloud differ."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from live.caller import Caller
from live.plan import Beside, Brought, Plan
from ml_gateway.naming import EDGE_REGION

PlaceName = Literal["aws", "local cloud"]


DELETING: Final = "DELETING"
"""The status of a VPC link that goes, which takes minutes."""


class DeployError(Exception):
    """The CDK CLI could not deploy; `str()` is the end of what it printed."""


class RefusalError(Exception):
    """The run cannot begin here; `str()` says why, and the way out."""


class Place(Protocol):
    """An account, or the local cloud. `patience`: seconds to wait for what should come sooner or later, such as the end
    of a stack; `pause`: from one look to the next. `directory` has the logs of what runs. `brought`: what there is
    beside it."""

    name: PlaceName
    directory: Path
    brought: Brought
    patience: float
    pause: float

    def expect_ready(self) -> None:
        """Raises RefusalError unless a run may begin."""

    def client(self, service: str, region: str = EDGE_REGION) -> Any:
        """boto3's."""

    def start_server(self, name: str, word: str, version: str) -> Beside:
        """Have the server behind the models answer below `/<word>`."""

    def deploy(self, plan: Plan) -> None:
        """Deploy all that the plan defines. Raises DeployError."""

    def plan(self, name: str, files: tuple[str, ...]) -> Plan:
        """The plan of these gateways here."""

    def edge(self, domain: str) -> Caller:
        """Who asks a distribution over HTTPS."""

    def api(self, invoke_url: str) -> Caller:
        """Who asks the API itself, past the distribution."""

    def vpc_links(self) -> list[Any]:
        """All there are, as GetVpcLinks lists them."""

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A token of the issuer that the gateways know."""

    def secrets(self) -> list[str]:
        """What no report may have, beside what the gateways have: ids of the account, addresses."""


def ends_of(log: str) -> str:
    """The lines of the CDK CLI's log that say what went wrong, or else its last ones."""
    lines = log.splitlines()
    telling = [line for line in lines if re.search(r"_FAILED|ROLLBACK|[Ee]rror|❌", line)]
    return "\n".join((telling or lines)[-12:])
