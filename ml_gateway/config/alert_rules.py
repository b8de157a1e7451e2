"""Rules between alerts and the models that they watch."""

from collections.abc import Iterator
from typing import Final

from ml_gateway.config.alerts import AlertsConfig
from ml_gateway.config.cache_rules import Models
from ml_gateway.config.conflicts import ConflictError
from ml_gateway.config.quantities import format_duration
from ml_gateway.routes import MOST_METRIC_FILTERS, count_metric_filters, traffic_of

FOR_ALERTS: Final = 3
"""The topic, its policy and the subscription; the dashboard stands beside the distribution."""


def metric_filters_of(models: Models) -> int:
    """How many metric filters the API's access log has when there are alerts."""
    return count_metric_filters(traffic_of(model.serving(name) for name, model in models.items()))


def count_alert_resources(alerts: AlertsConfig, models: Models) -> int:
    """How many CloudFormation resources alerts add to the API stack: filters, one alarm for errors, one for a model."""
    alarms = (alerts.errors is not None) + (len(models) if alerts.latency_p95 is not None else 0)
    return FOR_ALERTS + metric_filters_of(models) + alarms


def alert_conflicts(alerts: AlertsConfig, models: Models) -> Iterator[ConflictError]:
    """All that is wrong between alerts and models."""
    yield from too_many_metric_filters(models)
    yield from unreachable_latency(alerts, models)


def too_many_metric_filters(models: Models) -> Iterator[ConflictError]:
    count = metric_filters_of(models)
    if count > MOST_METRIC_FILTERS:
        message = (
            f"they take {count} metric filters of the access log (3 for a model, 4 for one that streams, 1 for all), "
            f"and CloudWatch Logs takes {MOST_METRIC_FILTERS}; leave alerts out, or put models in another gateway"
        )
        yield ConflictError(message, ("alerts",), ("models",))


def unreachable_latency(alerts: AlertsConfig, models: Models) -> Iterator[ConflictError]:
    """A threshold that no answer passes, because API Gateway gives up before."""
    longest = max(model.effective_timeout for model in models.values())
    if alerts.latency_p95 is not None and alerts.latency_p95 > longest:
        message = (
            f"{format_duration(alerts.latency_p95)} is longer than any model may take; "
            f"write at most {format_duration(longest)}, the longest timeout"
        )
        depends = [("models", name, key) for name in models for key in ("timeout", "stream", "protocol")]
        yield ConflictError(message, ("alerts", "latency_p95"), *depends)
