"""Which file a command is about, if none is named."""

import json
from pathlib import Path
from typing import Final

USUAL_FILE: Final = Path("gateway.yaml")

CDK_SETTINGS: Final = Path("cdk.json")


def usual_file() -> Path:
    """The file that cdk.json names here as the context `config`, as for the CDK CLI; else gateway.yaml."""
    try:
        settings = json.loads(CDK_SETTINGS.read_text())
    except (OSError, ValueError):
        return USUAL_FILE
    match settings:
        case {"context": {"config": str(named)}}:
            return Path(named)
    return USUAL_FILE
