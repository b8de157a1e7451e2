"""Rules between alerts and the models that they watch."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from ml_gateway.config import GatewayConfig
from ml_gateway.config.types.quantities import format_duration
from ml_gateway.conflicts import Conflict
from ml_gateway.design import GatewayDesign
from ml_gateway.rules.rule import reads
from ml_gateway.serving import (
    LONGEST_FILTER_PATTERN,
    MOST_METRIC_FILTERS,
    ServedModel,
    count_metric_filters,
    count_widgets,
    longest_filter_pattern,
)
from ml_gateway.wording import shown

MOST_WIDGETS: Final = 500
"""CloudWatch API Reference, "Dashboard Body Structure and Syntax"."""

_WIDGETS_OF_THE_EDGE: Final = 12
_WIDGETS_OF_THE_FIREWALL: Final = 6


@reads()
def too_many_metric_filters(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    count = count_metric_filters(meant.traffic)
    if meant.alerts is not None and count > MOST_METRIC_FILTERS:
        message = (
            f"they take {count} metric filters of the access log (3 for a model, and for each of its versions, 4 "
            "where it streams, 1 for all), "
            f"and CloudWatch Logs takes {MOST_METRIC_FILTERS}; leave alerts out, or put models in another gateway"
        )
        yield Conflict(message, ("alerts",))


@reads("regions")
def too_many_widgets(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    of_the_edge = _WIDGETS_OF_THE_EDGE + (_WIDGETS_OF_THE_FIREWALL if meant.firewall else 0)
    count = of_the_edge + len(meant.regions) * count_widgets(meant.traffic)
    if meant.alerts is not None and count > MOST_WIDGETS:
        message = (
            f"the dashboard would have {count} widgets, with a row for each model in each region, and CloudWatch takes "
            f"{MOST_WIDGETS}; leave alerts out, or put models in another gateway"
        )
        yield Conflict(message, ("alerts",))


@reads("models.*.path", "models.*.protocol", "models.*.methods", "models.*.served_as")
def too_long_filter_patterns(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """Models with paths so long, or so many resources beside those of others, that no filter pattern names them all."""
    for traffic in meant.traffic if meant.alerts is not None else ():
        length = longest_filter_pattern(traffic)
        if length > LONGEST_FILTER_PATTERN:
            message = (
                f"to tell the requests for model {shown(traffic.name)} they take a filter pattern of {length} "
                f"characters, and CloudWatch Logs takes {LONGEST_FILTER_PATTERN}; leave alerts out, or write a shorter "
                "path, or one that no other model has or lies below"
            )
            yield Conflict(message, ("alerts",))


@reads(
    "models.*.timeout",
    "models.*.stream",
    "models.*.protocol",
    "edge.response_timeout",
    "service_quotas.response_timeout",
)
def unreachable_latency(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """A threshold that a model never passes, because API Gateway or CloudFront gives up before."""
    latency = meant.alerts.latency_p95 if meant.alerts else None
    if latency is None:
        return
    longest = {
        name: max(
            _longest_latency(each.served, meant.edge.response_timeout) for each in (model, *model.versions.values())
        )
        for name, model in meant.models.items()
    }
    first = min(longest, key=lambda name: longest[name])
    if latency >= longest[first]:
        measured = "the first byte" if meant.models[first].served.streams else "the answer"
        message = (
            f"{format_duration(latency)} is never passed: {measured} of model {shown(first)} comes within "
            f"{format_duration(longest[first])} or not at all; write less"
        )
        yield Conflict(message, ("alerts", "latency_p95"), {"models": (first,)})


def _longest_latency(model: ServedModel, response_timeout: timedelta) -> timedelta:
    """How long what `latency_p95` is about can take: the whole answer, or the first byte of a stream."""
    return min(model.timeout, response_timeout) if model.streams else model.timeout
