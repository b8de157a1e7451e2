"""A backend that Python builds is as right as one from the file, and one from the file is not looked at twice."""

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from ml_gateway.config.backends import BY_REGION
from ml_gateway.config.refusals import refuse_as_in_the_file
from ml_gateway.config.section import Section

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Kind = TypeVar("Kind", bound="DataclassInstance")


def check(backend: "DataclassInstance", section: type[Section]) -> None:
    """ValueError with all that the file refuses of such a backend; values of CloudFormation alone pass."""
    settings = {each.name: getattr(backend, each.name) for each in fields(backend) if each.name in section.model_fields}
    for name in BY_REGION & settings.keys():
        if isinstance(settings[name], Mapping):
            raise ValueError(f"{type(backend).__name__}.{name}: a map by region is for a file; give one value")
    refuse_as_in_the_file(section, settings, of=type(backend).__name__)


def unchecked(kind: type[Kind], settings: Mapping[str, Any]) -> Kind:
    """A backend whose settings were checked where they were read: all of its fields.

    In the local cloud they were changed after that: its models have addresses that API Gateway could never call.
    """
    backend = object.__new__(kind)
    for each in fields(kind):
        object.__setattr__(backend, each.name, settings[each.name])
    return backend
