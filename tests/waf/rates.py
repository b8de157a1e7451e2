"""Who calls too often, as a rate-based rule counts.

WAF estimates, and acts near the limit and after some seconds. Here it counts exactly and acts at once, so that a test
shows by what is counted and how far back, and not when WAF would act.
https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-caveats.html
"""

from collections import defaultdict
from ipaddress import ip_address
from typing import Any, Final

from tests.waf.settings import NotModelledError, choice_of, settings_of
from tests.waf.statements import Case, meets
from tests.waf.text_transformations import transformed

_KNOWN: Final = ("Limit", "EvaluationWindowSec", "AggregateKeyType", "CustomKeys", "ScopeDownStatement")
# https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-high-level-settings.html
_WINDOWS: Final = (60, 120, 300, 600)
_LEAST: Final = 10


class RateCounter:
    """The counts of one rate-based rule, by the address or the keys that it is about."""

    def __init__(self) -> None:
        self._counted: dict[tuple[bytes, ...], list[tuple[float, int]]] = defaultdict(list)

    def is_exceeded(self, settings: Any, case: Case, place: str, *, at: float, times: int) -> bool:
        """Whether the first of `times` requests that come `at` a second is above the limit. All of them count.

        The limit is the most that is let through in the window that ends now. What a scope-down statement, or a lack
        of a key, leaves out is neither counted nor limited:
        https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-aggregation-options.html
        """
        rate = settings_of(settings, place, *_KNOWN)
        if rate["EvaluationWindowSec"] not in _WINDOWS or rate["Limit"] < _LEAST:
            raise NotModelledError(f"{place} is {rate!r}")
        counted_by = _instance(rate, case, place)
        scope = rate.get("ScopeDownStatement")
        if counted_by is None or not (scope is None or meets(scope, case, f"{place}.ScopeDownStatement")):
            return False
        counts = self._counted[counted_by]
        before = sum(count for second, count in counts if at - second < rate["EvaluationWindowSec"])
        counts.append((at, times))
        return bool(before >= rate["Limit"])


def _instance(rate: Any, case: Case, place: str) -> tuple[bytes, ...] | None:
    """By what the request is counted; None where it lacks one of the keys.

    https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-aggregation-instances.html
    """
    match rate["AggregateKeyType"]:
        case "IP" if "CustomKeys" not in rate:
            return (ip_address(case.seen.request.address).packed,)
        case "CUSTOM_KEYS":
            keys = [_key(each, case, f"{place}.CustomKeys[{number}]") for number, each in enumerate(rate["CustomKeys"])]
            return None if None in keys else tuple(key for key in keys if key is not None)
    raise NotModelledError(f"{place} counts by {rate['AggregateKeyType']}")


def _key(custom_key: Any, case: Case, place: str) -> bytes | None:
    """https://docs.aws.amazon.com/waf/latest/APIReference/API_RateLimitHeader.html."""
    kind, settings = choice_of(custom_key, place)
    if kind != "Header":
        raise NotModelledError(f"{place}.{kind}")
    header = settings_of(settings, place, "Name", "TextTransformations")
    values = case.seen.values(header["Name"])
    if len(values) > 1:
        raise NotModelledError(f"{place}: no page says how several headers {header['Name']} are counted")
    return transformed(values[0], header["TextTransformations"], place) if values else None
