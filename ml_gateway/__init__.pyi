from .application import Gateway, define_gateway, execute_api_origin
from .backends import Backend, HttpBackend
from .config import (
    CacheConfig,
    ConfigError,
    EdgeConfig,
    GatewayConfig,
    LogsConfig,
    ModelConfig,
    OriginLockConfig,
    PlanConfig,
    RequestQuota,
    RequestRate,
    load_config,
)
from .constructs import (
    AccessLogRole,
    ApiKeyLock,
    GatewayDistribution,
    GatewayOrigin,
    GatewayUsagePlan,
    ProxyApi,
)
from .policy import acknowledge, add_policy_checks
from .routes import Route
from .stacks import AccountStack, ApiStack, EdgeStack

__all__ = [
    "AccessLogRole",
    "AccountStack",
    "ApiKeyLock",
    "ApiStack",
    "Backend",
    "CacheConfig",
    "ConfigError",
    "EdgeConfig",
    "EdgeStack",
    "Gateway",
    "GatewayConfig",
    "GatewayDistribution",
    "GatewayOrigin",
    "GatewayUsagePlan",
    "HttpBackend",
    "LogsConfig",
    "ModelConfig",
    "OriginLockConfig",
    "PlanConfig",
    "ProxyApi",
    "RequestQuota",
    "RequestRate",
    "Route",
    "acknowledge",
    "add_policy_checks",
    "define_gateway",
    "execute_api_origin",
    "load_config",
]
