"""The file gateway.yaml: how it is read, and what is said when something is wrong with it."""

from ml_gateway.conflicts import ConfigError
from ml_gateway.reading.load import GatewayFile, load, load_config

__all__ = ["ConfigError", "GatewayFile", "load", "load_config"]
