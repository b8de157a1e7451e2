"""The examples as they were released, and as they are today: files to load, and assemblies that a review compares."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from aws_cdk import App

from ml_gateway import define_gateway, load_config
from tests.synthesis import CONTEXT, TOP

FILES: Final = [TOP / "gateway.yaml", *sorted((TOP / "examples").glob("*.yaml"))]
APPS: Final = sorted((TOP / "examples").glob("*/app.py"))
RELEASED: Final = Path(__file__).parent
FILE: Final = "gateway.yaml"
"""What the file of an example is called beside its templates."""


def name_of(example: Path) -> str:
    """What an example is called among those that were released."""
    return example.parent.name if example.suffix == ".py" else example.stem


def synthesized(example: Path, folder: Path) -> Path:
    """The assembly of a file, or of an app as a reader would run it."""
    if example.suffix == ".py":
        environment = os.environ | {
            "CDK_OUTDIR": str(folder),
            "CDK_CONTEXT_JSON": json.dumps(dict(CONTEXT)),
            "PYTHONPATH": str(TOP),
        }
        subprocess.run([sys.executable, example], env=environment, check=True, timeout=120, cwd=TOP)
    else:
        context = {**CONTEXT, "@aws-cdk/core:stackResourceLimit": 0}
        app = App(context=context, outdir=str(folder), builtin_cloud_formation_validation=False)
        define_gateway(app, load_config(example))
        app.synth()
    return folder


def keep(example: Path, assembly: Path, folder: Path) -> None:
    """Keep an example's file, and of its assembly what a review reads: which stacks there are, and what is in them."""
    folder.mkdir(parents=True)
    if example in FILES:
        shutil.copyfile(example, folder / FILE)
    artifacts = {}
    for name, artifact in json.loads((assembly / "manifest.json").read_text())["artifacts"].items():
        if artifact["type"] == "aws:cloudformation:stack":
            file = artifact["properties"]["templateFile"]
            kept = {key: artifact["properties"][key] for key in ("stackName",) if key in artifact["properties"]}
            artifacts[name] = {
                "type": artifact["type"],
                "environment": artifact["environment"],
                "properties": {"templateFile": file, **kept},
            }
            template = json.loads((assembly / file).read_text())
            whole = {key: template[key] for key in ("Description", "Resources", "Outputs") if key in template}
            (folder / file).write_text(json.dumps(whole, indent=1) + "\n")
    (folder / "manifest.json").write_text(json.dumps({"artifacts": artifacts}, indent=1) + "\n")
