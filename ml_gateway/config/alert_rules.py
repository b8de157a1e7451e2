"""Rules between alerts and the models that they watch."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from ml_gateway.config.alerts import AlertsConfig
from ml_gateway.config.cache_rules import Models
from ml_gateway.config.models import ModelConfig
from ml_gateway.config.types.quantities import format_duration
from ml_gateway.conflicts import ConflictError, Place
from ml_gateway.serving import (
    LONGEST_FILTER_PATTERN,
    MOST_METRIC_FILTERS,
    ModelTraffic,
    count_metric_filters,
    longest_filter_pattern,
    traffic_of,
)
from ml_gateway.wording import shown

FOR_ALERTS: Final = 3
"""The topic, its policy and the subscription; the dashboard stands beside the distribution."""


def metric_filters_of(models: Models) -> int:
    """How many metric filters the API's access log has when there are alerts."""
    return count_metric_filters(_traffic(models))


def count_alert_resources(alerts: AlertsConfig, models: Models) -> int:
    """How many CloudFormation resources alerts add to the API stack: filters, one alarm for errors, one for a model."""
    alarms = (alerts.errors is not None) + (len(models) if alerts.latency_p95 is not None else 0)
    return FOR_ALERTS + metric_filters_of(models) + alarms


def alert_conflicts(alerts: AlertsConfig, models: Models, response_timeout: timedelta) -> Iterator[ConflictError]:
    """All that is wrong between alerts and models; `response_timeout` is how long CloudFront waits for the API."""
    yield from too_many_metric_filters(models)
    yield from too_long_filter_patterns(models)
    if alerts.latency_p95 is not None:
        yield from unreachable_latency(alerts.latency_p95, models, response_timeout)


def too_many_metric_filters(models: Models) -> Iterator[ConflictError]:
    count = metric_filters_of(models)
    if count > MOST_METRIC_FILTERS:
        message = (
            f"they take {count} metric filters of the access log (3 for a model, 4 for one that streams, 1 for all), "
            f"and CloudWatch Logs takes {MOST_METRIC_FILTERS}; leave alerts out, or put models in another gateway"
        )
        yield ConflictError(message, ("alerts",), ("models",))


def too_long_filter_patterns(models: Models) -> Iterator[ConflictError]:
    """Models with paths so long, or so many resources beside those of others, that no filter pattern names them all."""
    for traffic in _traffic(models):
        length = longest_filter_pattern(traffic)
        if length > LONGEST_FILTER_PATTERN:
            message = (
                f"to tell the requests for model {shown(traffic.name)} they take a filter pattern of {length} "
                f"characters, and CloudWatch Logs takes {LONGEST_FILTER_PATTERN}; leave alerts out, or write a shorter "
                "path, or one that no other model has or lies below"
            )
            depends: list[Place] = [("models", name, key) for name in models for key in ("path", "protocol", "methods")]
            yield ConflictError(message, ("alerts",), *depends)


def unreachable_latency(latency: timedelta, models: Models, response_timeout: timedelta) -> Iterator[ConflictError]:
    """A threshold that a model never passes, because API Gateway or CloudFront gives up before."""
    longest = {name: _longest_latency(model, response_timeout) for name, model in models.items()}
    first = min(longest, key=lambda name: longest[name])
    if latency >= longest[first]:
        measured = "the first byte" if models[first].streams else "the answer"
        message = (
            f"{format_duration(latency)} is never passed: {measured} of model {shown(first)} comes within "
            f"{format_duration(longest[first])} or not at all; write less"
        )
        depends = [("models", first, key) for key in ("timeout", "long_timeout", "stream", "protocol")]
        yield ConflictError(message, ("alerts", "latency_p95"), ("edge", "response_timeout"), *depends)


def _longest_latency(model: ModelConfig, response_timeout: timedelta) -> timedelta:
    """How long what `latency_p95` is about can take: the whole answer, or the first byte of a stream."""
    return min(model.effective_timeout, response_timeout) if model.streams else model.effective_timeout


def _traffic(models: Models) -> tuple[ModelTraffic, ...]:
    return traffic_of(model.serving(name) for name, model in models.items())
