"""The firewall in front of the distribution: who may call at all, and how often."""

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_network
from typing import ClassVar, Literal

from pydantic import Field

from ml_gateway.config.section import Choice, Section, between
from ml_gateway.config.types.addresses import AddressRanges
from ml_gateway.config.types.countries import MOST_FIREWALL_COUNTRIES, Countries
from ml_gateway.config.types.rates import FirewallRate
from ml_gateway.conflicts import Conflict
from ml_gateway.wording import shown


class AddressesConfig(Section):
    """From which addresses callers may come. What is denied is refused first, also within what is allowed."""

    choices: ClassVar = (
        Choice(settings=("allow", "deny"), missing="write allow or deny, with address ranges such as 203.0.113.0/24"),
    )

    allow: AddressRanges = Field(default=(), examples=[["203.0.113.0/24"]])
    """Nobody else may call; whoever comes from here still meets all other rules. Default: everybody may."""

    deny: AddressRanges = Field(default=(), examples=[["198.51.100.0/24", "2001:db8::/32"]])
    """Nobody from here may call. Default: nobody is refused for that."""

    @between("allow", "deny")
    def _what_is_allowed_is_not_all_denied(self) -> Iterator[Conflict]:
        for allowed, denied in _within(self.allow, self.deny):
            message = f"all of {shown(allowed)} is denied, by {shown(denied)}; take one of the two out"
            yield Conflict(message, ("allow",))


def _within(inner: Sequence[str], outer: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each range of `inner` that lies in one of `outer`, and the widest that it lies in."""
    ranges = {(each.version, each.prefixlen, int(each.network_address)): str(each) for each in map(ip_network, outer)}
    lengths = sorted({(version, length) for version, length, _ in ranges})
    for network in map(ip_network, inner):
        for version, length in lengths:
            if version == network.version and length <= network.prefixlen:
                rest = network.max_prefixlen - length
                around = ranges.get((version, length, int(network.network_address) >> rest << rest))
                if around is not None:
                    yield str(network), around
                    break


class CountriesConfig(Section):
    """From which countries callers may come: allow or deny, not both."""

    choices: ClassVar = (
        Choice(
            settings=("allow", "deny"),
            missing="write allow or deny, with countries such as DE",
            both="stands beside allow, which already keeps everybody else out; write one of the two",
        ),
    )

    allow: Countries = Field(default=(), examples=[["DE", "FR"]])
    """Nobody else may call. Default: everybody may."""

    deny: Countries = Field(default=(), examples=[["AQ"]])
    """Nobody from here may call. Default: nobody is refused for that."""

    @property
    def lists(self) -> Mapping[str, Countries]:
        """Both lists by the key that each has in the file."""
        return {"allow": self.allow, "deny": self.deny}


class FirewallConfig(Section):
    """A web ACL on the distribution: rates, AWS's managed rules, addresses and countries."""

    rate: FirewallRate = Field(examples=["2000/5m"])
    """Requests from one address within 1, 2, 5 or 10 minutes; more are refused with 429 until fewer come."""

    key_rate: FirewallRate | None = Field(default=None, examples=["30000/5m"])
    """The same for one key, as its client sends it; only with clients. Default: what the most generous plan lets
    through."""

    mode: Literal["block", "count"] = Field(default="block", examples=["count"])
    """block: refuse what a rule matches. count: a rehearsal that only counts and logs it."""

    addresses: AddressesConfig | None = Field(default=None, examples=[{"deny": ["198.51.100.0/24"]}])
    countries: CountriesConfig | None = Field(default=None, examples=[{"allow": ["DE", "FR"]}])

    @between("countries")
    def _countries_fit_into_a_rule(self) -> Iterator[Conflict]:
        if self.countries is not None:
            for key, listed in self.countries.lists.items():
                if len(listed) > MOST_FIREWALL_COUNTRIES:
                    message = (
                        f"{len(listed)} countries are too many for AWS WAF; keep at most {MOST_FIREWALL_COUNTRIES}, or "
                        "write edge.countries in their place"
                    )
                    yield Conflict(message, ("countries", key))
