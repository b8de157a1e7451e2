"""A backend has the settings of its section of the file, under the same names."""

from dataclasses import fields
from typing import Any, get_args

import pytest

from ml_gateway.backends.from_config import ONLY_IN_THE_FILE, backend_from
from ml_gateway.config import BackendConfig
from tests.files import BACKENDS

SECTIONS: dict[Any, Any] = {
    section.model_fields["type"].annotation: section for section in get_args(get_args(BackendConfig)[0])
}
"""Each type of backend, by the annotation of its `type`."""
OWN = {"name", "errors"}
"""What a backend is told beside its section."""


def test_every_type_of_backend_is_compared() -> None:
    assert {get_args(kind)[0] for kind in SECTIONS} == set(BACKENDS)


@pytest.mark.parametrize("section", SECTIONS.values(), ids=lambda section: section.__name__)
def test_a_backend_has_the_settings_of_its_section(section: Any) -> None:
    config = section(**BACKENDS[get_args(section.model_fields["type"].annotation)[0]], **_further(section))
    backend: Any = backend_from("b", config, errors="plain")
    settings = {field.name for field in fields(backend)} - OWN
    assert settings == set(section.model_fields) - ONLY_IN_THE_FILE
    assert {name: getattr(backend, name) for name in settings} == {name: getattr(config, name) for name in settings}


def _further(section: Any) -> dict[str, int]:
    """What the design fills in before a backend is made."""
    return {"port": 8443} if "port" in section.model_fields else {}
