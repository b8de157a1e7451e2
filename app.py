#!/usr/bin/env python3
"""The CDK app: the gateway that the file named by the context key `config` describes."""

import gc
import sys
from pathlib import Path

# What the imports leave in memory is never garbage. Looking for some among it takes a tenth of a synthesis: now and
# then while they go on, and once more when the process ends.
gc.disable()

from aws_cdk import App

from ml_gateway.application import define_gateway
from ml_gateway.policy import add_policy_checks
from ml_gateway.reading import ConfigError, load

gc.freeze()


def main() -> None:
    app = App()
    add_policy_checks(app)
    try:
        file = load(Path(app.node.get_context("config")))
    except ConfigError as error:
        sys.exit(str(error))
    define_gateway(app, file.config, written=file.written)
    app.synth()


if __name__ == "__main__":
    main()
