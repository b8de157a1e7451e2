"""`python -m ml_gateway.reading.schema` writes gateway.schema.json, by which editors complete and check the file."""

import json
from pathlib import Path
from typing import Final

from ml_gateway.reading.file_schema import file_schema

SCHEMA_FILE: Final = Path(__file__).parents[2] / "gateway.schema.json"


def rendered_schema() -> str:
    """The JSON Schema of the file as gateway.schema.json has it."""
    return json.dumps(file_schema(), indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(rendered_schema())
