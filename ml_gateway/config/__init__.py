"""The file gateway.yaml: its values, how it is read, and what is said when something is wrong with it."""

from ml_gateway.config.alerts import AlertsConfig
from ml_gateway.config.backends import (
    BackendConfig,
    BearerConfig,
    HttpBackendConfig,
    LambdaBackendConfig,
    LoadBalancerBackendConfig,
    SagemakerBackendConfig,
)
from ml_gateway.config.cache import CacheConfig
from ml_gateway.config.edge import CorsConfig, DomainConfig, EdgeConfig
from ml_gateway.config.fields import HttpMethod, KeyForm
from ml_gateway.config.firewall import AddressesConfig, CountriesConfig, FirewallConfig
from ml_gateway.config.headers import ALWAYS_IN_CACHE_KEY
from ml_gateway.config.loader import ConfigError, load_config
from ml_gateway.config.model import GatewayConfig
from ml_gateway.config.operation import LogsConfig, OriginLockConfig
from ml_gateway.config.plans import ClientConfig, LimitConfig, PlanConfig
from ml_gateway.config.quantities import Percentage, RequestQuota, RequestRate, RequestWindow
from ml_gateway.config.served_model import ModelConfig

__all__ = [
    "ALWAYS_IN_CACHE_KEY",
    "AddressesConfig",
    "AlertsConfig",
    "BackendConfig",
    "BearerConfig",
    "CacheConfig",
    "ClientConfig",
    "ConfigError",
    "CorsConfig",
    "CountriesConfig",
    "DomainConfig",
    "EdgeConfig",
    "FirewallConfig",
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
    "Percentage",
    "PlanConfig",
    "RequestQuota",
    "RequestRate",
    "RequestWindow",
    "SagemakerBackendConfig",
    "load_config",
]
