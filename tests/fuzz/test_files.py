"""Any file is either a gateway that synthesizes and that two validators accept, or a list of problems with places.

A few hundred files here, and ten gateways of them that are synthesized; ten thousand and a hundred with `make fuzz`.
"""

import re
from collections import Counter
from pathlib import Path
from typing import Any, Final

import yaml
from aws_cdk import App
from hypothesis import HealthCheck, Phase, given, settings

from ml_gateway import GatewayConfig, define_gateway, load_config
from ml_gateway.reading import ConfigError
from tests.fuzz.almost_right import JUNK, PATHS, almost_right_files
from tests.policy.test_cfn_lint import lint
from tests.synthesis import CONTEXT

LONG: Final = settings.default.max_examples >= 10_000 if settings.default else False
DRAWN: Final = 10_000 if LONG else 300
SYNTHESIZED: Final = 100 if LONG else 10
AT_ONCE: Final = 10
"""Gateways in one app: the validation's engine starts once for all of them."""

SAID_TWICE: Final = "W3005"
"""A dependency that a reference has already: CDK writes the role of a function as both."""

PROBLEM = re.compile(r"^[^:]+:\d+: \S.*; \S")


def load(data: Any, path: Path) -> GatewayConfig | list[str]:
    path.write_text(yaml.safe_dump(data, sort_keys=False))
    try:
        return load_config(path)
    except ConfigError as error:
        return str(error).replace(str(path), "gateway.yaml").splitlines()


def test_file_is_a_gateway_or_a_list_of_problems(tmp_path: Path) -> None:
    outcomes: Counter[str] = Counter()

    @given(almost_right_files() | JUNK)
    @settings(max_examples=DRAWN, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def check(data: Any) -> None:
        loaded = load(data, tmp_path / "gateway.yaml")
        if isinstance(loaded, list):
            assert loaded
            assert [line for line in loaded if not PROBLEM.match(line)] == []
        outcomes["refused" if isinstance(loaded, list) else "accepted"] += 1

    check()
    assert min(outcomes["accepted"], outcomes["refused"]) >= DRAWN // 100, outcomes


def distinct_gateways(directory: Path) -> list[GatewayConfig]:
    """The first that load, no two alike but for their names, none as this repository has it; each beside its file."""
    known = [nameless(load_config(path)) for path in PATHS]
    found: list[GatewayConfig] = []

    @given(almost_right_files(most_edits=3, junk=False))
    @settings(
        max_examples=10 * SYNTHESIZED,
        deadline=None,
        derandomize=not LONG,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    def collect(data: dict[str, Any]) -> None:
        if len(found) == SYNTHESIZED:
            return
        path = directory / f"gateway-{len(found)}.yaml"
        loaded = load({**data, "name": path.stem}, path)
        if isinstance(loaded, GatewayConfig) and nameless(loaded) not in known:
            known.append(nameless(loaded))
            found.append(loaded)

    collect()
    return found


def nameless(config: GatewayConfig) -> GatewayConfig:
    return config.model_copy(update={"name": ""})


def test_gateways_that_load_pass_both_validators(tmp_path: Path) -> None:
    gateways = distinct_gateways(tmp_path)
    assert len(gateways) == SYNTHESIZED
    for start in range(0, SYNTHESIZED, AT_ONCE):
        batch = gateways[start : start + AT_ONCE]
        directory = tmp_path / f"from-{start}"
        app = App(context=CONTEXT, outdir=str(directory / "cdk.out"))
        for config in batch:
            define_gateway(app, config)
        stacks = app.synth().stacks
        assert len(stacks) >= 2 * len(batch)
        assert set(lint(directory, [stack.template for stack in stacks])) <= {SAID_TWICE}


def test_there_are_files_to_start_from() -> None:
    assert len(PATHS) >= 4
