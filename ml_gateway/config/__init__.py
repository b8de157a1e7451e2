"""What the file gateway.yaml may say: one value for each of its sections, and nothing that follows from them."""

from ml_gateway.config.alerts import AlertsConfig
from ml_gateway.config.authorizer import AuthorizerConfig
from ml_gateway.config.backends import (
    BackendConfig,
    HttpBackendConfig,
    HttpServerConfig,
    LambdaBackendConfig,
    LoadBalancerBackendConfig,
    SagemakerBackendConfig,
    SecretConfig,
)
from ml_gateway.config.cache import CacheConfig
from ml_gateway.config.clients import ClientConfig
from ml_gateway.config.edge import CorsConfig, DomainConfig, EdgeConfig, PriceClass
from ml_gateway.config.encryption import EncryptionConfig
from ml_gateway.config.firewall import AddressesConfig, CountriesConfig, FirewallConfig
from ml_gateway.config.gateway import GatewayConfig
from ml_gateway.config.issuers import IssuerConfig
from ml_gateway.config.logs import LogsConfig
from ml_gateway.config.models import ModelConfig
from ml_gateway.config.origin_lock import OriginLockConfig
from ml_gateway.config.plans import LimitConfig, PlanConfig
from ml_gateway.config.regions import RegionConfig
from ml_gateway.config.rollouts import RollbackConfig, VersionConfig
from ml_gateway.config.service_quotas import ServiceQuotasConfig
from ml_gateway.config.throttle import ThrottleConfig
from ml_gateway.config.types.headers import ALWAYS_IN_CACHE_KEY
from ml_gateway.config.types.quantities import Percentage, RequestQuota, RequestRate, RequestWindow
from ml_gateway.config.types.urls import HttpMethod

__all__ = [
    "ALWAYS_IN_CACHE_KEY",
    "AddressesConfig",
    "AlertsConfig",
    "AuthorizerConfig",
    "BackendConfig",
    "CacheConfig",
    "ClientConfig",
    "CorsConfig",
    "CountriesConfig",
    "DomainConfig",
    "EdgeConfig",
    "EncryptionConfig",
    "FirewallConfig",
    "GatewayConfig",
    "HttpBackendConfig",
    "HttpMethod",
    "HttpServerConfig",
    "IssuerConfig",
    "LambdaBackendConfig",
    "LimitConfig",
    "LoadBalancerBackendConfig",
    "LogsConfig",
    "ModelConfig",
    "OriginLockConfig",
    "Percentage",
    "PlanConfig",
    "PriceClass",
    "RegionConfig",
    "RequestQuota",
    "RequestRate",
    "RequestWindow",
    "RollbackConfig",
    "SagemakerBackendConfig",
    "SecretConfig",
    "ServiceQuotasConfig",
    "ThrottleConfig",
    "VersionConfig",
]
