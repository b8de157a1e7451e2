"""`ml-gateway app`: what cdk.json calls."""

import gc
import os
import sys
from pathlib import Path

from ml_gateway.cli.files import USUAL_FILE


def app() -> None:
    """Define the stacks, as the CDK CLI asks for it: write "app": "ml-gateway app" into cdk.json.

    The file is the one that the context `config` names (cdk.json, or -c config=PATH), else gateway.yaml.
    """
    # What the imports leave in memory is never garbage. Looking for some among it takes a tenth of a synthesis: now and
    # then while they go on, and once more when the process ends.
    gc.disable()
    # With Node's usual four threads in the background CloudFormation's validation takes longer: a fifth of a
    # synthesis' processor time, as measured on two idle cores; more on busy ones.
    os.environ.setdefault("NODE_OPTIONS", "--v8-pool-size=1")
    from aws_cdk import App

    from ml_gateway.application import define_gateway
    from ml_gateway.policy import add_policy_checks
    from ml_gateway.reading import ConfigError, load

    gc.freeze()
    defined = App()
    add_policy_checks(defined)
    try:
        file = load(Path(defined.node.try_get_context("config") or USUAL_FILE))
        define_gateway(defined, file.config, written=file.written)
    except ConfigError as error:
        sys.exit(str(error))
    defined.synth()
