"""What a run deploys: its name, the files of its gateways, and what stands beside them."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final

from ml_gateway.config import GatewayConfig
from ml_gateway.naming import EDGE_REGION
from ml_gateway.reading import load_config

FILES: Final = Path(__file__).with_name("gateways")
PREFIX: Final = "ml-gateway-live-"
"""What the names of all that a run makes begin with, and then four letters or digits of its own."""

ECHO_OF_FILES: Final = "https://echo.example.com"
ISSUER_OF_FILES: Final = "https://issuer.example.com/issuer"
ZONE_OF_FILES: Final = "Z0123456789ABCDEFGHIJ"
NAME_OF_FILES: Final = "live.example.com"
SECOND_REGION_OF_FILES: Final = "eu-west-1"
NETWORK_OF_FILES: Final[Mapping[str, str]] = {
    "LoadBalancerArn": "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/live/0123456789abcdef",
    "LoadBalancerHost": "balancer.example.com",
    "FirstSubnet": "subnet-0123456789abcdef0",
    "SecondSubnet": "subnet-0fedcba9876543210",
    "LinksGroup": "sg-0123456789abcdef0",
}
"""By the names that they have as outputs of the run's own network."""
STAGE_IN_FRONT: Final = "the stage in front of the path"
STAGE_NOT_IN_FRONT: Final = "no stage in front of the path"
"""What the load balancer answers, by the path that it sees."""
_VERSION: Final = "00000000-0000-4000-8000-000000000001"
_CHANGES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "open": (
        ("items/{id}", "items/{user}"),
        ("  gone: {url: https://echo.example.com/gone, methods: [GET]}\n", ""),
        ("errors: openai", "errors: openai\norigin_lock: {generation: 2}"),
    ),
    "clients": (
        ("  leaving: {plan: default}\n", ""),
        ("split: {v1: 50, v2: 50}", "split: {v1: 40, v2: 60}"),
        ("errors: openai", "errors: openai\norigin_lock: {generation: 2}"),
    ),
    "regional": (("errors: openai", "errors: openai\norigin_lock: {generation: 2}"),),
    # Another VPC link: of those that there are no subnet can be changed.
    "vpc": (("subnets: [subnet-0123456789abcdef0, subnet-0fedcba9876543210]", "subnets: [subnet-0fedcba9876543210]"),),
}
"""What the second deploy writes in the place of what."""


TWO_REGIONS: Final = "a zone and a second region"
OWN_VPC: Final = "a VPC of the run's own"
"""What a question `needs`."""


def new_name() -> str:
    return PREFIX + secrets.token_hex(2)


def new_word() -> str:
    """What the paths of the server behind the models begin with: nobody else knows it."""
    return secrets.token_hex(16)


def is_name(text: str) -> bool:
    """Whether a run may have been called so."""
    suffix = text.removeprefix(PREFIX)
    return text.startswith(PREFIX) and len(suffix) == 4 and set(suffix) <= set("0123456789abcdef")


@dataclass(frozen=True, kw_only=True, slots=True)
class TwoRegions:
    """What a gateway in two regions takes, which gets a name of its own below that of the zone.

    `zone`: the id of a public hosted zone. `second_region`: the one beside us-east-1.
    """

    zone: str
    zone_name: str
    second_region: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Brought:
    """What a run may use beside an account, because somebody said so. `vpc`: whether it may define one."""

    two_regions: TwoRegions | None = None
    vpc: bool = False

    @property
    def needs(self) -> frozenset[str]:
        """Which `needs` of questions.yaml are met."""
        return frozenset(({TWO_REGIONS} if self.two_regions else set()) | ({OWN_VPC} if self.vpc else set()))


NOTHING_BROUGHT: Final = Brought()
ALL_OF_FILES: Final = Brought(
    two_regions=TwoRegions(zone=ZONE_OF_FILES, zone_name=NAME_OF_FILES, second_region=SECOND_REGION_OF_FILES),
    vpc=True,
)
"""What live/gateways has in the place of what is brought."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """Where the gateways find what they lead to. `version` is that of the secret `bearer_secret`, `network` the outputs
    of `network_stack`; without one it is empty."""

    echo: str
    issuer: str
    version: str
    network: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What the CDK app defines: `echo`, the variables of the server, the `network`, or the gateways of `files`.

    `server`, `issuer` and `cloud_port` lead models, tokens and distributions to loopback, in the local cloud alone.
    """

    name: str
    files: tuple[str, ...] = ()
    echo: Mapping[str, str] | None = None
    network: bool = False
    server: str | None = None
    issuer: str | None = None
    cloud_port: int | None = None

    def write(self, directory: Path) -> Path:
        file = directory / "plan.json"
        file.write_text(json.dumps(asdict(self)))
        return file


def read_plan(file: Path) -> Plan:
    plan = Plan(**json.loads(file.read_text()))
    return replace(plan, files=tuple(plan.files))


def bearer_secret(name: str) -> str:
    return f"{name}/bearer"


def streamer(name: str) -> str:
    """The function of a run that answers in pieces."""
    return f"{name}-streamer"


def network_stack(name: str) -> str:
    """The stack of a run's own VPC, and of the load balancer in it."""
    return f"{name}-network"


def gateway_names(name: str, brought: Brought = NOTHING_BROUGHT) -> dict[str, str]:
    """The name of each gateway of a run, by that of its file."""
    return {kind: f"{name}-{kind}" for kind in ("open", "clients", *(["regional"] if brought.two_regions else []))}


def line_to_destroy(name: str, brought: Brought) -> str:
    """What takes away a run that was killed."""
    two = brought.two_regions
    return f"make live DESTROY={name}" + (f" ZONE={two.zone} SECOND_REGION={two.second_region}" if two else "")


def regions(brought: Brought) -> list[str]:
    """Where a run deploys."""
    return [EDGE_REGION, *([brought.two_regions.second_region] if brought.two_regions else [])]


def write_files(
    name: str, beside: Beside, directory: Path, *, brought: Brought = NOTHING_BROUGHT, changed: bool = False
) -> dict[str, GatewayConfig]:
    """The files of a run as they are deployed first, or the second time; what each says by its path."""
    folder = directory / ("changed" if changed else "first")
    folder.mkdir(exist_ok=True)
    replaced = _replaced(name, beside, brought)
    for kind in _CHANGES:
        (folder / f"{kind}.yaml").write_text(_text(kind, replaced, changed=changed))
    # What a network adds is on top of the open gateway, and no gateway more.
    kinds = ["vpc" if kind == "open" and beside.network else kind for kind in gateway_names(name, brought)]
    return {str(file): load_config(file) for file in (folder / f"{kind}.yaml" for kind in kinds)}


def _text(kind: str, replaced: Mapping[str, str], *, changed: bool) -> str:
    text = (FILES / f"{kind}.yaml").read_text()
    for old, new in _CHANGES[kind] if changed else ():
        if old not in text:
            raise ValueError(f"{kind}.yaml has no {old!r}, which the second deploy changes")
        text = text.replace(old, new)
    for old, new in replaced.items():
        text = text.replace(old, new)
    return text


def _replaced(name: str, beside: Beside, brought: Brought) -> dict[str, str]:
    """What stands in the files -> what a run has in its place."""
    two = brought.two_regions
    return {
        **({SECOND_REGION_OF_FILES: two.second_region, ZONE_OF_FILES: two.zone} if two else {}),
        **({NAME_OF_FILES: f"{name}.{two.zone_name}"} if two else {}),
        **{f"name: live-{kind}": f"name: {gateway}" for kind, gateway in gateway_names(name, brought).items()},
        "secret: live/bearer": f"secret: {bearer_secret(name)}",
        "function: live-streamer": f"function: {streamer(name)}",
        _VERSION: beside.version,
        ISSUER_OF_FILES: beside.issuer,
        ECHO_OF_FILES: beside.echo,
        **{NETWORK_OF_FILES[output]: value for output, value in beside.network.items()},
    }
