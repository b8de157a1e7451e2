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
from ml_gateway.config.firewall import AddressesConfig, CountriesConfig, FirewallConfig
from ml_gateway.config.gateway import GatewayConfig
from ml_gateway.config.models import ModelConfig
from ml_gateway.config.operation import LogsConfig, OriginLockConfig
from ml_gateway.config.plans import ClientConfig, LimitConfig, PlanConfig
from ml_gateway.config.types.fields import HttpMethod, KeyForm
from ml_gateway.config.types.headers import ALWAYS_IN_CACHE_KEY
from ml_gateway.config.types.quantities import Percentage, RequestQuota, RequestRate, RequestWindow

__all__ = [
    "ALWAYS_IN_CACHE_KEY",
    "AddressesConfig",
    "AlertsConfig",
    "BackendConfig",
    "BearerConfig",
    "CacheConfig",
    "ClientConfig",
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
]
