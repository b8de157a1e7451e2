"""One front door for ML models on AWS: a file, two stacks, and the constructs that they are made of."""

from ml_gateway.application import Gateway, define_gateway, execute_api_origin
from ml_gateway.backends import Backend, HttpBackend
from ml_gateway.config import (
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
from ml_gateway.constructs import (
    AccessLogRole,
    ApiKeyLock,
    GatewayDistribution,
    GatewayOrigin,
    GatewayUsagePlan,
    ProxyApi,
)
from ml_gateway.policy import acknowledge, add_policy_checks
from ml_gateway.routes import Route
from ml_gateway.stacks import AccountStack, ApiStack, EdgeStack

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
