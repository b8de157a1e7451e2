"""The firewall in front of the distribution, with every rate that it counts."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ml_gateway.config import AddressesConfig, CountriesConfig, FirewallConfig, PlanConfig, RequestWindow
from ml_gateway.config.refusals import refuse_as_in_the_file
from ml_gateway.config.types.quantities import FEWEST_IN_WINDOW, MOST_IN_WINDOW
from ml_gateway.credentials import API_KEY_HEADER, KEY_FORMS, KeyForm
from ml_gateway.design.callers import Callers, Keyed


@dataclass(frozen=True, kw_only=True, slots=True)
class FirewallDesign:
    """Who may call at all, and how often.

    `rate` is that of one address. `key_rates` has the rate of one key for each form in which clients send it, with
    `x-api-key` among them; none where nobody has a key. With `mode` count everybody passes, and what would not is
    logged.
    """

    rate: RequestWindow
    key_rates: Mapping[KeyForm, RequestWindow] = field(default_factory=dict)
    mode: Literal["block", "count"] = "block"
    addresses: AddressesConfig | None = None
    countries: CountriesConfig | None = None

    def __post_init__(self) -> None:
        said = {"rate": self.rate, "mode": self.mode, "addresses": self.addresses, "countries": self.countries}
        refuse_as_in_the_file(FirewallConfig, said, of="FirewallDesign")
        unknown = [form for form in self.key_rates if form not in KEY_FORMS]
        if unknown:
            raise ValueError(f"a key cannot be counted as {unknown[0]!r}; choose from {', '.join(KEY_FORMS)}")
        if self.key_rates and API_KEY_HEADER not in self.key_rates:
            raise ValueError(
                f"key_rates for {', '.join(self.key_rates)} lack {API_KEY_HEADER}, which API Gateway itself reads; "
                "give it one, too"
            )

    @classmethod
    def of(
        cls, firewall: FirewallConfig, *, callers: Callers, plans: Iterable[PlanConfig], regions: int = 1
    ) -> "FirewallDesign":
        """The rate of a key is what the most generous of the `plans` lets through, in all `regions` together, unless
        the file says it."""
        forms = callers.key_forms if isinstance(callers, Keyed) else ()
        key_rate = firewall.key_rate or _most_of_a_key(plans, firewall.rate, regions)
        return cls(
            rate=firewall.rate,
            key_rates=dict.fromkeys(forms, key_rate),
            mode=firewall.mode,
            addresses=firewall.addresses,
            countries=firewall.countries,
        )


def _most_of_a_key(plans: Iterable[PlanConfig], window: RequestWindow, regions: int) -> RequestWindow:
    """What the most generous plan lets through for one key in a window as long as this one, as far as WAF counts."""
    seconds = 60 * window.minutes
    most = max(
        (
            (plan.rate.per_second * seconds + plan.burst) * (regions if plan.across_regions == "each" else 1)
            for plan in plans
        ),
        default=0,
    )
    return RequestWindow(math.ceil(min(max(most, FEWEST_IN_WINDOW), MOST_IN_WINDOW)), window.minutes)
