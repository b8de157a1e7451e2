"""`extends`, continued: any two files merge as a JSON Merge Patch does, and a file cut in two says the same."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ml_gateway.reading import load
from ml_gateway.reading.extends import read_file
from tests.files import TOP

VALUES = st.recursive(
    st.integers(-9, 9) | st.text("abc", min_size=1) | st.lists(st.integers(-9, 9), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
)
MAPS = st.dictionaries(st.sampled_from("abcd"), VALUES, max_size=4)
PATCHES = st.dictionaries(
    st.sampled_from("abcd"),
    st.recursive(st.none() | VALUES, lambda inner: st.dictionaries(st.sampled_from("abcd"), inner, max_size=4)),
    max_size=4,
)


def patched(target: Any, patch: Any) -> Any:
    """JSON Merge Patch as RFC 7396, section 2, writes it down, but that a null where there is nothing stays."""
    if not isinstance(patch, Mapping):
        return patch
    if not isinstance(target, Mapping):
        return patch
    result = dict(target)
    for name, value in patch.items():
        if value is None and name in result:
            del result[name]
        else:
            result[name] = patched(result.get(name), value)
    return result


def without_sentinels(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_sentinels(inner) for key, inner in value.items()}
    return None if isinstance(value, type) else value


@given(MAPS, PATCHES)
def test_it_merges_as_a_json_merge_patch_does(
    tmp_path_factory: pytest.TempPathFactory, base: dict[str, Any], top: dict[str, Any]
) -> None:
    folder = tmp_path_factory.mktemp("extends")
    (folder / "base.yaml").write_text(yaml.safe_dump(base))
    (folder / "top.yaml").write_text(yaml.safe_dump({"extends": "base.yaml", **top}))
    source = read_file(folder / "top.yaml")
    assert without_sentinels(source.data) == patched(base, top)
    # Whatever is there has a spot of its own, in the file that says it.
    for key, value in source.data.items():
        file = "top" if key in top else "base"
        assert source.written.at((key,)).file == str(folder / f"{file}.yaml"), value


@pytest.mark.parametrize("name", ["gateway.yaml", "examples/multi_tenant.yaml", "examples/every_backend.yaml"])
def test_a_file_says_the_same_when_it_is_cut_in_two(tmp_path: Path, name: str) -> None:
    whole = yaml.safe_load((TOP / name).read_text())
    for section in whole:
        (tmp_path / "base.yaml").write_text(yaml.safe_dump({key: whole[key] for key in whole if key != section}))
        (tmp_path / "top.yaml").write_text(yaml.safe_dump({"extends": "base.yaml", section: whole[section]}))
        assert load(tmp_path / "top.yaml").config == load(TOP / name).config
