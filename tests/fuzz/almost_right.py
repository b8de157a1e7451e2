"""Files that are almost right: those of this repository, with a few settings taken out, added or changed."""

import copy
from collections.abc import Iterator
from typing import Any

import yaml
from hypothesis import strategies as st

from ml_gateway.conflicts import Place
from ml_gateway.reading.file_schema import file_schema, schema_at
from tests.synthesis import TOP

PATHS = [TOP / "gateway.yaml", *sorted(TOP.glob("examples/*.yaml"))]
FILES = [yaml.safe_load(path.read_text()) for path in PATHS]

JUNK: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just([]) | st.just({})
    | st.lists(st.text(max_size=3), max_size=2) | st.dictionaries(st.text(max_size=3), st.integers(), max_size=2)
)  # fmt: skip


@st.composite
def almost_right_files(draw: st.DrawFn, *, most_edits: int = 4, junk: bool = True) -> dict[str, Any]:
    """The data of a file. Without `junk` each edit on its own is one that the schema allows."""
    data: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(FILES)))
    edits = [_leave_out, _write_what_the_schema_allows, _copy_an_entry, *([_write_junk] if junk else [])]
    for _ in range(draw(st.integers(0, most_edits))):
        draw(st.sampled_from(edits))(draw, data)
    return data


def _leave_out(draw: st.DrawFn, data: dict[str, Any]) -> None:
    section, key, _ = draw(st.sampled_from(list(_settings(data, ()))))
    del section[key]


def _write_what_the_schema_allows(draw: st.DrawFn, data: dict[str, Any]) -> None:
    sections = [(section, place) for section, place in _sections(data, ()) if _schema(place).get("properties")]
    section, place = draw(st.sampled_from(sections))
    key = draw(st.sampled_from(sorted(_schema(place)["properties"])))
    # A copy: examples stand in the schema itself, and later edits change what is written here.
    section[key] = copy.deepcopy(draw(_allowed(_schema((*place, key)))))


def _copy_an_entry(draw: st.DrawFn, data: dict[str, Any]) -> None:
    """A second model, plan, client, backend, or version of a model like one that is there, and a share like another."""
    maps = [section for section, place in _sections(data, ()) if section and _takes_any_name(place)]
    if maps:
        section = draw(st.sampled_from(maps))
        entry = draw(st.sampled_from(list(section.values())))
        section[draw(st.sampled_from(["another", "one-more", "third"]))] = copy.deepcopy(entry)


def _takes_any_name(place: Place) -> bool:
    return len(place) == 1 or (len(place) == 3 and isinstance(_schema(place).get("additionalProperties"), dict))


def _write_junk(draw: st.DrawFn, data: dict[str, Any]) -> None:
    section, key, _ = draw(st.sampled_from(list(_settings(data, ()))))
    section[key] = copy.deepcopy(draw(JUNK))


def _allowed(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that the schema allows at one place, by themselves."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    examples = st.sampled_from(schema.get("examples", [None]))
    match schema.get("type"):
        case "boolean":
            return st.booleans()
        case "integer":
            least = schema.get("minimum", 0)
            return st.integers(least, min(schema.get("maximum", least + 100), least + 100))
        case "string" if "pattern" in schema:
            return examples | st.from_regex(schema["pattern"], fullmatch=True).filter(lambda text: len(text) < 80)
        case "array" if "enum" in schema["items"]:
            return st.lists(st.sampled_from(schema["items"]["enum"]), unique=True, min_size=1)
    return examples


def _settings(data: Any, place: Place) -> Iterator[tuple[dict[str, Any], str, Place]]:
    for section, at in _sections(data, place):
        for key in section:
            yield section, key, (*at, key)


def _sections(data: Any, place: Place) -> Iterator[tuple[dict[str, Any], Place]]:
    """Every map of the file, and where it stands."""
    if isinstance(data, dict):
        yield data, place
        for key, value in data.items():
            yield from _sections(value, (*place, key))


def _schema(place: Place) -> dict[str, Any]:
    """What may stand at `place` of the file; empty where nothing may, and below a backend, whose type decides."""
    if place[:1] == ("backends",) and len(place) > 1:
        return {}
    try:
        return schema_at(place) if place else file_schema()
    except (KeyError, TypeError):
        return {}
