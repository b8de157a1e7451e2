"""Each web ACL that is looked at, and what is expected of it: written down, so that none follows from its template."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ml_gateway.errors import Dialect
from tests.policy.broken_firewalls import COMMON, KNOWN_BAD, REPUTATION
from tests.waf.callers import SECRET
from tests.waf.managed_groups import MANAGED_GROUPS

EDGE_GROUPS: Final = (REPUTATION, KNOWN_BAD, COMMON)
API_GROUPS: Final = (COMMON, KNOWN_BAD)


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """What a web ACL is for.

    `own`: its own rules, in their order, before the `groups`. `rates`: the requests that each rate lets through, and in
    how many seconds. `dialect` and `cors`: of the answers; None where API Gateway has its own. `rehearses`: all rules
    count and nobody is refused. `secret`: the name of the one that it asks for.
    """

    own: tuple[str, ...]
    groups: tuple[str, ...]
    rates: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    dialect: Dialect | None = "plain"
    cors: bool = False
    rehearses: bool = False
    secret: str | None = None

    @property
    def rules(self) -> list[str]:
        return [*self.own, *(f"{group}/{rule}" for group in self.groups for rule in MANAGED_GROUPS[group])]

    @property
    def secrets(self) -> dict[str, str]:
        return {} if self.secret is None else {self.secret: SECRET}


def _lock(gateway: str, dialect: Dialect | None = None, groups: tuple[str, ...] = API_GROUPS) -> Expected:
    return Expected(own=("OriginLock",), groups=groups, dialect=dialect, secret=f"{gateway}/origin/1")


_RATE: Final = Expected(own=("AddressRate",), groups=EDGE_GROUPS, rates={"AddressRate": (2000, 300)})

OF_EXAMPLES: Final[Mapping[tuple[str, str], Expected]] = {
    ("gateway", "edge"): _RATE,
    ("production", "edge"): _RATE,
    ("complete", "edge"): Expected(
        own=("DeniedAddresses", "AllowedAddresses", "AllowedCountries", "AddressRate", "KeyRate-x-api-key",
             "KeyRate-bearer"),
        groups=EDGE_GROUPS,
        rates=dict.fromkeys(("AddressRate", "KeyRate-x-api-key", "KeyRate-bearer"), (60_000, 300)),
        dialect="openai", cors=True,
    ),
    ("complete", "api"): _lock("complete-ml", "openai", groups=()),
    ("identities", "api"): _lock("acme-id", "plain"),
    ("multi_tenant", "api"): _lock("tenants-ml", "openai"),
    ("rollouts", "api"): _lock("acme-versions", "openai"),
    ("two_regions", "api-eu-west-1"): _lock("regions-ml"),
    ("two_regions", "api-us-east-1"): _lock("regions-ml"),
}  # fmt: skip
"""By the example and the role of its stack."""

_KEY_RATES: Final = ("KeyRate-x-api-key", "KeyRate-bearer", "KeyRate-api-key", "KeyRate-x-goog-api-key")
_RATES: Final = {"AddressRate": (2000, 300), **dict.fromkeys(_KEY_RATES, (30_000, 600))}


def _full(*, countries: str, rehearses: bool = False) -> Expected:
    return Expected(
        own=("DeniedAddresses", "AllowedAddresses", countries, "AddressRate", *_KEY_RATES),
        groups=EDGE_GROUPS, rates=_RATES, dialect="openai", cors=True, rehearses=rehearses,
    )  # fmt: skip


OF_FIREWALLS: Final[Mapping[str, Expected]] = {
    "blocking": _full(countries="AllowedCountries"),
    "denying": _full(countries="DeniedCountries"),
    "rehearsal": _full(countries="AllowedCountries", rehearses=True),
    "small": _RATE,
}
"""By their names in tests/policy/broken_firewalls.py: what no example has is here."""
