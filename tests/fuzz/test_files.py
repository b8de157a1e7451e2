"""Any file is either a gateway that synthesizes and that two validators accept, or a list of problems with places.

A few hundred files here, and ten thousand with `make fuzz`, of which a hundred are synthesized.
"""

import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from aws_cdk import App
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ml_gateway import GatewayConfig, define_gateway, load_config
from ml_gateway.config import ConfigError
from tests.fuzz.almost_right import FILES, JUNK, almost_right_files
from tests.policy.test_cfn_lint import lint
from tests.synthesis import CONTEXT

LONG: Final = settings.default.max_examples >= 10_000 if settings.default else False
AT_ONCE: Final = 10
"""Gateways in one app: the validation's engine starts once for all of them."""

PROBLEM = re.compile(r"^[^:]+:\d+: \S.*; \S")


def load(data: Any, directory: Path) -> GatewayConfig | list[str]:
    path = directory / "gateway.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False))
    try:
        return load_config(path)
    except ConfigError as error:
        return str(error).replace(str(path), "gateway.yaml").splitlines()


@given(almost_right_files() | JUNK)
@settings(max_examples=10_000 if LONG else 300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_file_is_a_gateway_or_a_list_of_problems(tmp_path_factory: pytest.TempPathFactory, data: Any) -> None:
    loaded = load(data, tmp_path_factory.getbasetemp())
    if isinstance(loaded, list):
        assert loaded
        assert [line for line in loaded if not PROBLEM.match(line)] == []


def accepted(directory: Path) -> st.SearchStrategy[GatewayConfig]:
    loaded = almost_right_files(most_edits=3, junk=False).map(lambda data: load(data, directory))
    return loaded.flatmap(lambda each: st.just(each) if isinstance(each, GatewayConfig) else st.nothing())


@given(st.data())
@settings(
    max_examples=100 // AT_ONCE if LONG else 1,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
def test_gateway_that_loads_passes_both_validators(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    directory = tmp_path_factory.mktemp("fuzz")
    app = App(context=CONTEXT, outdir=str(directory / "cdk.out"))
    for number in range(AT_ONCE):
        config = data.draw(accepted(directory))
        define_gateway(app, config.model_copy(update={"name": f"gateway-{number}"}))
    stacks = app.synth().stacks
    assert len(stacks) >= 2 * AT_ONCE
    assert lint(directory, [stack.template for stack in stacks]) == []


def test_there_are_files_to_start_from() -> None:
    assert len(FILES) >= 4
