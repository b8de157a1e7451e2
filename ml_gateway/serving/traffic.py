"""Which lines of the API's access log are the traffic of which model. Plain values that know nothing of CDK."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ml_gateway.serving.model import ServedModel
from ml_gateway.serving.versions import version_name

MOST_METRIC_FILTERS: Final = 100
"""CloudWatch Logs' quota of metric filters for a log group, which is not raised (API reference, PutMetricFilter)."""

LONGEST_FILTER_PATTERN: Final = 1024
"""Characters (CloudWatch Logs API reference, PutMetricFilter)."""

_FURTHER_CONDITIONS: Final = 90
"""Characters that a metric's own conditions take at most, beside the one that tells the model."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelTraffic:
    """The requests for one model, known by the resources that answer them and, where it shares one, by their methods.

    `resources` has the path of a resource, such as `/fraud/{id}`, or of all below a path, such as `/llama/*`, each with
    the methods that are the model's; with none where all are. Of a model that `streams`, the time to the first byte is
    measured. `versions`: of the model, each with requests of its own, which are among these, too.
    """

    name: str
    resources: Mapping[str, tuple[str, ...]]
    streams: bool = False
    versions: tuple["ModelTraffic", ...] = ()

    @property
    def condition(self) -> str:
        """What is true of the log lines of these requests, to be a filter pattern or a part of one.

        A `*` at the end of a text stands for anything (CloudWatch Logs user guide, filter pattern syntax).
        """
        return _joined("||", [_render(path, methods) for path, methods in self.resources.items()])


def traffic_of(
    models: Iterable[ServedModel], versions: Mapping[str, Mapping[str, ServedModel]] = MappingProxyType({})
) -> tuple[ModelTraffic, ...]:
    """The traffic of each model, in the same order: what answers its routes, and no route of another model.

    A model may lie below another one or beside it on the same path, and share a resource by methods. `versions`: by the
    name of the model and of the version; each lies below a path of its own.
    """
    served = tuple(models)
    owners: dict[str, set[str]] = {}
    for model in served:
        for route in model.routes:
            for resources in _resources_around(route.path):
                owners.setdefault(resources, set()).add(model.name)
    return tuple(_traffic(model, _resources_of(model, owners), versions.get(model.name, {})) for model in served)


def count_metric_filters(models: Iterable[ModelTraffic]) -> int:
    """How many metric filters the access log gets: three for each model and each version of one, four if it streams,
    one for all together."""
    return 1 + sum(_filters(each) for model in models for each in (model, *model.versions))


def count_widgets(models: Iterable[ModelTraffic]) -> int:
    """How many widgets the dashboard has of one region: a heading and three graphs of the API, then of each model, and
    of its versions together."""
    # Of a model a heading, requests and times, and where it streams the first byte: as many as it has metric filters.
    return 4 + sum(_filters(model) + (4 if model.versions else 0) for model in models)


def _filters(model: ModelTraffic) -> int:
    return 4 if model.streams else 3


def _traffic(
    model: ServedModel, resources: Mapping[str, tuple[str, ...]], versions: Mapping[str, ServedModel]
) -> ModelTraffic:
    below = f"/{version_name(model.name, '*')}"
    return ModelTraffic(
        name=model.name,
        resources={**resources, **({below: ()} if versions else {})},
        streams=model.streams,
        versions=tuple(
            ModelTraffic(name=name, resources={f"/{name}/*": ()}, streams=version.streams)
            for name, version in ((version_name(model.name, each), its) for each, its in versions.items())
        ),
    )


def longest_filter_pattern(model: ModelTraffic) -> int:
    """How many characters the filter patterns of the model's metrics have at most."""
    return len(f"{{ ({model.condition}) }}") + _FURTHER_CONDITIONS


def _resources_of(model: ServedModel, owners: Mapping[str, set[str]]) -> dict[str, tuple[str, ...]]:
    """The widest resources, from the model's path on, that are its own alone; else one by one, with its methods."""
    found: dict[str, tuple[str, ...]] = {}
    for route in model.routes:
        candidates = (each for each in _resources_around(route.path) if each.startswith(model.path))
        own = next((each for each in candidates if owners[each] == {model.name}), None)
        if own:
            found[own] = ()
        else:
            found[route.path] = (*found.get(route.path, ()), route.http_method)
    return found


def _resources_around(path: str) -> tuple[str, ...]:
    """All below each of the paths above this one, the widest first, and the resource at the path itself."""
    return (*(f"{path[:end]}/*" for end, letter in enumerate(path) if letter == "/"), path)


def _render(path: str, methods: Sequence[str]) -> str:
    resource = f'$.resourcePath = "{path}"'
    if not methods:
        return resource
    return _joined("&&", [resource, _joined("||", [f'$.httpMethod = "{method}"' for method in methods])])


def _joined(operator: str, conditions: Sequence[str]) -> str:
    return conditions[0] if len(conditions) == 1 else f" {operator} ".join(f"({each})" for each in conditions)
