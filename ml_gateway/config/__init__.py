"""The file gateway.yaml: its values, how it is read, and what is said when something is wrong with it."""

from ml_gateway.config.backends import (
    BackendConfig,
    BearerConfig,
    HttpBackendConfig,
    LambdaBackendConfig,
    LoadBalancerBackendConfig,
    SagemakerBackendConfig,
)
from ml_gateway.config.edge import CacheConfig, EdgeConfig
from ml_gateway.config.fields import HttpMethod, KeyForm
from ml_gateway.config.headers import ALWAYS_IN_CACHE_KEY
from ml_gateway.config.loader import ConfigError, load_config
from ml_gateway.config.model import GatewayConfig, LogsConfig, OriginLockConfig
from ml_gateway.config.plans import ClientConfig, LimitConfig, PlanConfig
from ml_gateway.config.quantities import RequestQuota, RequestRate
from ml_gateway.config.served_model import ModelConfig

__all__ = [
    "ALWAYS_IN_CACHE_KEY",
    "BackendConfig",
    "BearerConfig",
    "CacheConfig",
    "ClientConfig",
    "ConfigError",
    "EdgeConfig",
    "GatewayConfig",
    "HttpBackendConfig",
    "HttpMethod",
    "KeyForm",
    "LambdaBackendConfig",
    "LimitConfig",
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
