"""The firewall in front of the distribution, with every rate that it counts."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ml_gateway.config import AddressesConfig, CountriesConfig, FirewallConfig, KeyForm, PlanConfig, RequestWindow
from ml_gateway.config.types.quantities import FEWEST_IN_WINDOW, MOST_IN_WINDOW
from ml_gateway.credentials import KEY_FORMS
from ml_gateway.design.callers import Callers, Keyed


@dataclass(frozen=True, kw_only=True, slots=True)
class FirewallDesign:
    """Who may call at all, and how often.

    `rate` is that of one address. `key_rates` has the rate of one key for each form in which clients send it, in the
    order of `KEY_FORMS`; none where nobody has a key. With `mode` count everybody passes, and what would not is logged.
    """

    rate: RequestWindow
    key_rates: Mapping[KeyForm, RequestWindow] = field(default_factory=dict)
    mode: Literal["block", "count"] = "block"
    addresses: AddressesConfig | None = None
    countries: CountriesConfig | None = None

    @classmethod
    def of(cls, firewall: FirewallConfig, *, callers: Callers, plans: Iterable[PlanConfig]) -> "FirewallDesign":
        """The rate of a key is what the most generous of the `plans` lets through, unless the file says it."""
        forms = callers.key_forms if isinstance(callers, Keyed) else ()
        key_rate = firewall.key_rate or _most_of_a_key(plans, firewall.rate)
        return cls(
            rate=firewall.rate,
            key_rates={form: key_rate for form in KEY_FORMS if form in forms},
            mode=firewall.mode,
            addresses=firewall.addresses,
            countries=firewall.countries,
        )


def _most_of_a_key(plans: Iterable[PlanConfig], window: RequestWindow) -> RequestWindow:
    """What the most generous plan lets through for one key in a window as long as this one, as far as WAF counts."""
    seconds = 60 * window.minutes
    most = max(plan.rate.per_second * seconds + plan.burst for plan in plans)
    return RequestWindow(math.ceil(min(max(most, FEWEST_IN_WINDOW), MOST_IN_WINDOW)), window.minutes)
