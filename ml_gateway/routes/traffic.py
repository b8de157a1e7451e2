"""Which lines of the API's access log are the traffic of which model. Plain values that know nothing of CDK."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ml_gateway.routes.serving import Serving

MOST_METRIC_FILTERS: Final = 100
"""CloudWatch Logs' quota of metric filters for a log group, which is not raised (API reference, PutMetricFilter)."""

LONGEST_FILTER_PATTERN: Final = 1024
"""Characters (CloudWatch Logs API reference, PutMetricFilter)."""

_FURTHER_CONDITIONS: Final = 90
"""Characters that a metric's own conditions take at most, beside those that tell the model."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelTraffic:
    """The requests for one model, known by the resource that answers them.

    `resources` is the path of one resource, such as `/fraud/{id}`, or all below a path, such as `/llama/*`. `excluded`
    are those below it that belong to other models. Of a model that `streams`, the time to the first byte is measured.
    """

    name: str
    resources: str
    excluded: tuple[str, ...] = ()
    streams: bool = False


def traffic_of(models: Iterable[Serving]) -> tuple[ModelTraffic, ...]:
    """The traffic of each model, in the same order. A model may lie below another one."""
    served = {model.name: model for model in models}
    resources = {name: _resources(model) for name, model in served.items()}
    return tuple(
        ModelTraffic(
            name=name,
            resources=resources[name],
            excluded=_others_below(name, resources),
            streams=model.streams,
        )
        for name, model in served.items()
    )


def count_metric_filters(models: Iterable[ModelTraffic]) -> int:
    """How many metric filters the access log gets: three for each model, four if it streams, one for all together."""
    return 1 + sum(4 if model.streams else 3 for model in models)


def longest_filter_pattern(model: ModelTraffic) -> int:
    """How many characters the filter patterns of the model's metrics have at most."""
    conditions = (
        f'$.resourcePath = "{model.resources}"',
        *(f'$.resourcePath != "{other}"' for other in model.excluded),
    )
    return len(f"{{ {' && '.join(f'({condition})' for condition in conditions)} }}") + _FURTHER_CONDITIONS


def _resources(model: Serving) -> str:
    return model.path if model.protocol == "raw" else f"{model.path}/*"


def _others_below(name: str, resources: dict[str, str]) -> tuple[str, ...]:
    path, star, _ = resources[name].partition("*")
    if not star:
        return ()
    return tuple(each for other, each in resources.items() if other != name and each.startswith(path))
