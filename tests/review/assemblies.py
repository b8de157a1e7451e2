"""Small assemblies, written as CDK writes them."""

import json
from pathlib import Path
from typing import Any

from tests.synthesis import Json

LOG_GROUP: Json = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "lines"}}


def resource(resource_type: str, /, **properties: Any) -> Json:
    return {"Type": resource_type, "Properties": properties}


def write_assembly(
    folder: Path, stacks: dict[str, Json], *, region: str = "us-east-1", outputs: Json | None = None
) -> Path:
    """The assembly with these stacks: name -> resources; `outputs` are of each of them."""
    folder.mkdir(parents=True)
    artifacts = {}
    for name, resources in stacks.items():
        template = {
            "Resources": resources,
            "Outputs": {key: {"Value": value} for key, value in (outputs or {}).items()},
        }
        (folder / f"{name}.template.json").write_text(json.dumps(template))
        artifacts[name] = {
            "type": "aws:cloudformation:stack",
            "environment": f"aws://unknown-account/{region}",
            "properties": {"templateFile": f"{name}.template.json"},
        }
    artifacts["Tree"] = {"type": "cdk:tree", "properties": {"file": "tree.json"}}
    (folder / "manifest.json").write_text(json.dumps({"version": "53.0.0", "artifacts": artifacts}))
    return folder
