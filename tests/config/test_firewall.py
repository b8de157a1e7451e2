"""The firewall's settings: rates, addresses and countries."""

import json
from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from ml_gateway.config import AddressesConfig, FirewallConfig, GatewayConfig, RequestWindow
from ml_gateway.config.types.countries import ISO_COUNTRIES, ONLY_IN_FIREWALL
from ml_gateway.design import GatewayDesign
from tests.files import CLIENTS, changed, gateway, report_on_data

NETWORKS = st.one_of(
    st.tuples(st.ip_addresses(v=4), st.integers(1, 32)), st.tuples(st.ip_addresses(v=6), st.integers(1, 128))
).map(lambda given: ip_network(given, strict=False))


def firewall(**settings: Any) -> dict[str, Any]:
    return changed({"edge.firewall": {"rate": "2000/5m", **settings}})


@pytest.mark.parametrize(
    "settings",
    [
        firewall(),
        firewall(rate="10/1m", mode="count"),
        firewall(rate="2000000000/10m"),
        gateway({"edge.firewall": {"rate": "2000/5m", "key_rate": "100/1m"}}),
        firewall(addresses={"allow": ["203.0.113.0/24"], "deny": ["203.0.113.7", "2001:db8::/32"]}),
        firewall(addresses={"allow": ["10.0.0.0/255.0.0.0"]}),
        firewall(countries={"allow": ["DE", "FR"]}),
        firewall(countries={"allow": ["XK", *sorted(ISO_COUNTRIES)[:49]]}),
        changed({"edge.countries": {"deny": ["AQ"]}}),
        changed({"edge.countries": {"deny": sorted(ISO_COUNTRIES)}}),
    ],
)
def test_what_the_firewall_can_do_is_taken(tmp_path: Path, settings: dict[str, Any]) -> None:
    assert report_on_data(settings, tmp_path) == []


@pytest.mark.parametrize(
    ("resource", "definition", "key", "countries"),
    [
        ("AWS::WAFv2::WebACL", "GeoMatchStatement", "CountryCodes", ISO_COUNTRIES | ONLY_IN_FIREWALL),
        ("AWS::CloudFront::Distribution", "GeoRestriction", "Locations", ISO_COUNTRIES),
    ],
)
def test_the_countries_are_those_that_the_services_take(
    resource: str, definition: str, key: str, countries: frozenset[str]
) -> None:
    """The schemas are cfn-lint's, read as files: to import it takes longer than all the other tests of this one."""
    cfn_lint = find_spec("cfnlint")
    assert cfn_lint is not None
    files = (Path(str(cfn_lint.origin)).parent / "data" / "schemas" / "resources").glob("*.json")
    schemas = [json.loads(text) for text in map(Path.read_text, files) if f'"typeName": "{resource}"' in text]
    assert [set(schema["definitions"][definition]["properties"][key]["items"]["enum"]) for schema in schemas] == [
        countries
    ]


def test_ten_thousand_addresses_fit_into_a_list() -> None:
    addresses = [str(ip_address(f"10.0.{n // 256}.{n % 256}")) for n in range(10_001)]
    assert AddressesConfig(deny=tuple(addresses[:10_000]), allow=("10.0.0.0/8",)).allow == ("10.0.0.0/8",)
    with pytest.raises(ValidationError, match="at most 10000"):
        AddressesConfig(deny=tuple(addresses))


@given(NETWORKS)
def test_an_address_range_is_kept_as_it_is_written_in_full(network: Any) -> None:
    assert AddressesConfig(deny=(str(network),)).deny == (str(network),)
    assert AddressesConfig(deny=(network.exploded.upper(),)).deny == (str(network),)


@given(NETWORKS, st.integers(0, 128))
@example(ip_network("203.0.113.0/24"), 0)
def test_an_allowed_range_is_refused_exactly_when_a_denied_one_is_around_it(network: Any, wider: int) -> None:
    around = network.supernet(min(wider, network.prefixlen - 1))
    with pytest.raises(ValidationError) as refusal:
        AddressesConfig(allow=(str(network),), deny=(str(around),))
    assert [str(error["msg"]).partition(", ")[2] for error in refusal.value.errors()] == [
        f"all of {str(network)!r} is denied, by {str(around)!r}; take one of the two out"
    ]
    if around != network:
        assert AddressesConfig(allow=(str(around),), deny=(str(network),)).allow == (str(around),)


@pytest.mark.parametrize(
    ("changes", "rate"),
    [
        ({}, None),
        (CLIENTS, None),
        ({"edge.firewall": {"rate": "2000/5m"}}, None),
        # 2/s and a burst of 10
        ({**CLIENTS, "edge.firewall": {"rate": "2000/5m"}}, "610/5m"),
        ({**CLIENTS, "edge.firewall": {"rate": "2000/1m"}}, "130/1m"),
        ({**CLIENTS, "edge.firewall": {"rate": "2000/1m", "key_rate": "20/10m"}}, "20/10m"),
        ({**CLIENTS, "edge.firewall": {"rate": "10/1m"}, "plans.default": {"rate": "0.01/s", "burst": 1}}, "10/1m"),
        ({**CLIENTS, "edge.firewall": {"rate": "10/1m"}, "plans.default": {"rate": "0.21/s", "burst": 1}}, "14/1m"),
        ({**CLIENTS, "edge.firewall": {"rate": "10/1m"}, "plans.default.rate": "1000000000/s"}, "2000000000/1m"),
        (
            {
                **CLIENTS,
                "edge.firewall": {"rate": "10/1m"},
                "plans.bursty": {"rate": "1/s", "burst": 500},
                "clients.b": {"plan": "bursty"},
            },
            "560/1m",
        ),
    ],
)
def test_a_key_may_do_what_the_most_generous_plan_lets_through(changes: dict[str, Any], rate: str | None) -> None:
    firewall = GatewayDesign.of(GatewayConfig(**changed(changes))).firewall
    rates = set(firewall.key_rates.values()) if firewall else set()
    assert rates == ({RequestWindow.parse(rate)} if rate else set())


def test_a_firewall_blocks_unless_it_only_counts() -> None:
    assert FirewallConfig(rate="2000/5m") == FirewallConfig(
        rate=RequestWindow(2000, 5), key_rate=None, mode="block", addresses=None, countries=None
    )
