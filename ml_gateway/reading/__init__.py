"""The file gateway.yaml: how it is read, and what is said when something is wrong with it."""

from ml_gateway.reading.load import ConfigError, load_config

__all__ = ["ConfigError", "load_config"]
