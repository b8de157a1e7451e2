"""Run a subject with one resource more, which neither check may pass: `python -m tests.bench.spoiled MODULE`."""

import runpy
import sys
from typing import Any

from aws_cdk import App, Stack
from aws_cdk import aws_secretsmanager as secretsmanager

synthesize = App.synth


def spoil_and_synthesize(app: App, **options: Any) -> Any:
    (stack, *_) = (child for child in app.node.children if isinstance(child, Stack))
    secret = secretsmanager.CfnSecret(stack, "Spoiled")
    secret.add_property_override("NoSuchProperty", "unknown to CloudFormation")
    return synthesize(app, **options)


if __name__ == "__main__":
    App.synth = spoil_and_synthesize  # type: ignore[assignment, method-assign]  # on purpose
    runpy.run_module(sys.argv[1], run_name="__main__")
