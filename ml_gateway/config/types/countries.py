"""The types of lists of countries."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field, StrictStr

from ml_gateway.config.types.lists import Distinct
from ml_gateway.wording import shown

# Many in a line: one each would be 250 lines.
# fmt: off
ISO_COUNTRIES: Final = frozenset((
    "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB",
    "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY",
    "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX",
    "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK",
    "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS",
    "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR",
    "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA",
    "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK",
    "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE",
    "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM",
    "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG",
    "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF",
    "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY",
    "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "YE", "YT", "ZA", "ZM", "ZW",
))
# fmt: on
"""ISO 3166-1 alpha-2, which is all that CloudFront's geographic restriction takes."""

ONLY_IN_FIREWALL: Final = frozenset({"XK"})
"""What AWS WAF has beside them (API reference, GeoMatchStatement): Kosovo, to which ISO 3166-1 gives no code."""

_COUNTRIES: Final = ISO_COUNTRIES | ONLY_IN_FIREWALL

MOST_FIREWALL_COUNTRIES: Final = 50
"""AWS WAF API reference, GeoMatchStatement."""

_MEANT_BY: Final = {"UK": "GB", "EL": "GR"}
"""What is often written for a country that has another code."""


def _check_country(country: str) -> str:
    if country not in _COUNTRIES:
        meant = _MEANT_BY.get(country.upper(), country.upper())
        way_out = (
            f"did you mean {meant!r}?"
            if meant in _COUNTRIES
            else "write its two capital letters in ISO 3166-1, such as DE"
        )
        raise ValueError(f"{shown(country)} is not a country; {way_out}")
    return country


Country = Annotated[
    StrictStr,
    Field(json_schema_extra={"pattern": f"^({'|'.join(sorted(_COUNTRIES))})$"}),
    AfterValidator(_check_country),
]
Countries = Annotated[tuple[Country, ...], Distinct()]
