"""The reusable constructs. Each can be defined in a stack of yours; `ml_gateway.stacks` composes them.

Those of `ml_gateway.constructs.alerts` are not among these: they take long to load.
"""

from ml_gateway.constructs.access_log_role import AccessLogRole
from ml_gateway.constructs.api_key_lock import ApiKeyLock
from ml_gateway.constructs.client_keys import ClientKeys, GatewayClient
from ml_gateway.constructs.client_secrets import ClientSecrets
from ml_gateway.constructs.edge_access_log import EdgeAccessLog
from ml_gateway.constructs.edge_firewall import EdgeFirewall
from ml_gateway.constructs.edge_function import EdgeFunction
from ml_gateway.constructs.gateway_distribution import GatewayDistribution
from ml_gateway.constructs.gateway_origin import GatewayOrigin
from ml_gateway.constructs.gateway_usage_plan import GatewayUsagePlan
from ml_gateway.constructs.header_lock import HeaderLock
from ml_gateway.constructs.origin_domain import OriginDomain
from ml_gateway.constructs.origin_secrets import OriginSecrets
from ml_gateway.constructs.proxy_api import ProxyApi
from ml_gateway.constructs.saved_queries import SavedQueries

__all__ = [
    "AccessLogRole",
    "ApiKeyLock",
    "ClientKeys",
    "ClientSecrets",
    "EdgeAccessLog",
    "EdgeFirewall",
    "EdgeFunction",
    "GatewayClient",
    "GatewayDistribution",
    "GatewayOrigin",
    "GatewayUsagePlan",
    "HeaderLock",
    "OriginDomain",
    "OriginSecrets",
    "ProxyApi",
    "SavedQueries",
]
