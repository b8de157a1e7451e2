"""Whatever is written into a file: a gateway or a clear error, and never a traceback."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from ml_gateway.config import GatewayConfig
from ml_gateway.reading import ConfigError, load_config
from tests.files import SMALL

SMALL_TEXT = yaml.safe_dump(SMALL, sort_keys=False)


def told_plainly(text: str | bytes, directory: Path) -> bool:
    """Whether loading gives a gateway, or else lines that name the file and hold no jargon of the libraries."""
    path = directory / "gateway.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
    try:
        return isinstance(load_config(path), GatewayConfig)
    except ConfigError as error:
        lines = str(error).split("\n")
    return all(line.startswith(f"{path}:") and "a value for this" not in line for line in lines)


DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "models", "url", "plans", "edge", "cache", "a", "type", "headers"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.binary())
def test_any_bytes_give_a_gateway_or_a_clear_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    assert told_plainly(content, tmp_path_factory.getbasetemp())


@given(st.text() | st.text("aé0:-?[]{}#&*!|>'\"%@`,. \t\n\\x\ud800", max_size=40))
@example('"\\UFFFFFFFF"')
@example('{"\\ud800": 1}')
@example("%YAML " + "9" * 5000 + ".1\n--- a")
def test_any_text_gives_a_gateway_or_a_clear_error(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    assert told_plainly(text, tmp_path_factory.getbasetemp())


@given(
    st.sampled_from(["regions", "models", "plans", "edge", "logs", "tags", "account", "origin_lock", "backends"]), DATA
)
def test_any_value_of_a_section_gives_a_gateway_or_a_clear_error(
    tmp_path_factory: pytest.TempPathFactory, section: str, value: Any
) -> None:
    assert told_plainly(yaml.safe_dump({**SMALL, section: value}), tmp_path_factory.getbasetemp())


@given(st.integers(0, len(SMALL_TEXT)), st.integers(0, 10), st.text(":-[]{}#&*!|>'\"%@, \na0", max_size=4))
def test_a_slip_of_the_keyboard_gives_a_gateway_or_a_clear_error(
    tmp_path_factory: pytest.TempPathFactory, position: int, length: int, typed: str
) -> None:
    text = SMALL_TEXT[:position] + typed + SMALL_TEXT[position + length :]
    assert told_plainly(text, tmp_path_factory.getbasetemp())
