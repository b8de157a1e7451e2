"""Whether what the file names is where the gateway is: in each of its regions, and in its account."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ml_gateway.config import GatewayConfig
from ml_gateway.config.backends import BY_REGION
from ml_gateway.conflicts import Conflict, Place
from ml_gateway.design import GatewayDesign
from ml_gateway.rules.rule import reads
from ml_gateway.wording import shown

_BY_NAME = "function"
"""A setting whose value holds in each region, where it is a name."""


@reads("regions")
def backends_of_another_region(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """ARNs of another region than the one that they are for."""
    for at, value in _of_backends(said):
        if len(meant.regions) > 1 and not isinstance(value, Mapping):
            continue  # it is told to be a map
        (only, *_) = meant.regions
        for place, arn in _arns(at, value):
            region, wanted = arn.split(":")[3], place[-1] if isinstance(value, Mapping) else only
            if region != wanted:
                message = f"{shown(arn)} is in {region}, but the gateway is in {wanted}; name one in {wanted}"
                yield Conflict(message, place)


@reads("regions", *(f"backends.*.{setting}" for setting in sorted(BY_REGION)))
def backends_of_one_region_alone(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """What is in one region, where the gateway is in several, or in none of its regions."""
    for at, value in _of_backends(said):
        if isinstance(value, Mapping):
            yield from _other_regions(at, value, meant.regions)
        elif len(meant.regions) > 1 and not (at[2] == _BY_NAME and not value.startswith("arn:")):
            written = ", ".join(f"{region}: ..." for region in meant.regions)
            message = f"{shown(value)} is in one region, and the gateway in {len(meant.regions)}; write {{{written}}}"
            yield Conflict(message, at)


def _other_regions(at: Place, value: Mapping[str, Any], regions: Iterable[str]) -> Iterator[Conflict]:
    for region in regions:
        if region not in value:
            yield Conflict(f"has none for {region}, where the gateway is; add {region}: to the map", at)
    for region in sorted(value.keys() - set(regions)):
        yield Conflict(f"the gateway is not in {region}; leave the line out, or add it to regions", (*at, region))


@reads("account")
def arns_of_another_account(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """ARNs of another account than the gateway's, where the file names that. A certificate's region is in its form."""
    domain = said.edge.domain
    certificate = domain.certificate if domain else None
    arns = [found for at, value in _of_backends(said) for found in _arns(at, value)]
    arns += [(("edge", "domain", "certificate"), certificate)] if certificate else []
    for at, arn in arns:
        account = arn.split(":")[4]
        if meant.account is not None and account != meant.account:
            message = (
                f"{shown(arn)} is of account {account}, but the gateway is of {meant.account}; name one of that account"
            )
            yield Conflict(message, at)


def _of_backends(said: GatewayConfig) -> Iterator[tuple[Place, Any]]:
    """What each backend names that is in some region: one value, or a map by region."""
    for name, backend in said.backends.items():
        for setting, value in backend:
            if setting in BY_REGION and value:
                yield ("backends", name, setting), value


def _arns(at: Place, value: Any) -> Iterator[tuple[Place, str]]:
    values = {(*at, region): each for region, each in value.items()} if isinstance(value, Mapping) else {at: value}
    for place, each in values.items():
        if isinstance(each, str) and each.startswith("arn:"):
            yield place, each
