#!/usr/bin/env python3
"""The CDK app: the gateway that the file named by the context key `config` describes."""

from ml_gateway.cli.app import app

if __name__ == "__main__":
    app()
