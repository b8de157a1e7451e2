"""The file gateway.yaml: its values, how it is read, and what is said when something is wrong with it."""

from ml_gateway.config.fields import HttpMethod
from ml_gateway.config.headers import ALWAYS_IN_CACHE_KEY
from ml_gateway.config.loader import ConfigError, load_config
from ml_gateway.config.model import (
    CacheConfig,
    EdgeConfig,
    GatewayConfig,
    LogsConfig,
    ModelConfig,
    OriginLockConfig,
    PlanConfig,
)
from ml_gateway.config.quantities import RequestQuota, RequestRate

__all__ = [
    "ALWAYS_IN_CACHE_KEY",
    "CacheConfig",
    "ConfigError",
    "EdgeConfig",
    "GatewayConfig",
    "HttpMethod",
    "LogsConfig",
    "ModelConfig",
    "OriginLockConfig",
    "PlanConfig",
    "RequestQuota",
    "RequestRate",
    "load_config",
]
