"""`python -m ml_gateway.reading.reference` writes docs/reference.md: every setting, as the models describe it."""

from pathlib import Path
from typing import Any, Final

import yaml

from ml_gateway.config.types.annotated import JsonSchema
from ml_gateway.reading.file_schema import definition, sections

REFERENCE_FILE: Final = Path(__file__).parents[2] / "docs" / "reference.md"

_INTRODUCTION: Final = """# Every setting of gateway.yaml

Written by `make schema` from the models in `ml_gateway/config`, so a change there is a change here. A setting that is
neither required nor has a default is off while it is left out, or does what its text says.

`extends: gateway.yaml`, in another file, puts that file on top of this one: see [environments](environments.md).
"""


def rendered_reference() -> str:
    """The page, in Markdown: a section for each map of the file, a line for each setting."""
    return "\n".join([_INTRODUCTION, *(_section(place, section) for place, section in sections())])


def _section(place: str, section: JsonSchema) -> str:
    required = section.get("required", ())
    lines = [_line(name, setting, required=name in required) for name, setting in section["properties"].items()]
    return "\n".join(
        [
            f"## {f'`{place}`' if place else 'The file'}",
            "",
            _escape(section["description"]),
            "",
            "| setting | what it is | default | such as |",
            "|---|---|---|---|",
            *lines,
            "",
        ]
    )


def _line(name: str, setting: JsonSchema, *, required: bool) -> str:
    # What a setting says as its section does, the schema has with the section alone.
    described = {**definition(setting["$ref"]), **setting} if "$ref" in setting else setting
    default = "required" if required else f"`{_written(setting['default'])}`" if "default" in setting else ""
    example = _written(described["examples"][0])
    cells = [f"`{name}`", described["description"] + _choices(setting), default, f"`{name}: {example}`"]
    return f"| {' | '.join(_escape(cell) for cell in cells)} |"


def _choices(setting: JsonSchema) -> str:
    """The values that a setting takes, where they are few."""
    values = setting.get("enum") or setting.get("items", {}).get("enum")
    return f" One of: {', '.join(f'`{value}`' for value in values)}." if values else ""


def _written(value: Any) -> str:
    """The value as the file has it, on one line."""
    text: str = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=1000)
    return text.removesuffix("\n").removesuffix("\n...")


def _escape(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    REFERENCE_FILE.write_text(rendered_reference())
