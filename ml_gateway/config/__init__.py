"""The file gateway.yaml: its values, how it is read, and what is said when something is wrong with it."""

from ml_gateway.config.backends import (
    BackendConfig,
    BearerConfig,
    HttpBackendConfig,
    LambdaBackendConfig,
    LoadBalancerBackendConfig,
    SagemakerBackendConfig,
)
from ml_gateway.config.fields import HttpMethod
from ml_gateway.config.headers import ALWAYS_IN_CACHE_KEY
from ml_gateway.config.loader import ConfigError, load_config
from ml_gateway.config.model import (
    CacheConfig,
    EdgeConfig,
    GatewayConfig,
    LogsConfig,
    OriginLockConfig,
    PlanConfig,
)
from ml_gateway.config.quantities import RequestQuota, RequestRate
from ml_gateway.config.served_model import ModelConfig

__all__ = [
    "ALWAYS_IN_CACHE_KEY",
    "BackendConfig",
    "BearerConfig",
    "CacheConfig",
    "ConfigError",
    "EdgeConfig",
    "GatewayConfig",
    "HttpBackendConfig",
    "HttpMethod",
    "LambdaBackendConfig",
    "LoadBalancerBackendConfig",
    "LogsConfig",
    "ModelConfig",
    "OriginLockConfig",
    "PlanConfig",
    "RequestQuota",
    "RequestRate",
    "SagemakerBackendConfig",
    "load_config",
]
