from .backend import Backend, RouteIntegration
from .from_config import backend_from, served_by
from .gateway_answer import GatewayAnswer
from .http import BearerToken, HttpBackend
from .lambda_function import LambdaBackend
from .load_balancer import LoadBalancerBackend
from .sagemaker import SagemakerBackend

__all__ = [
    "Backend",
    "BearerToken",
    "GatewayAnswer",
    "HttpBackend",
    "LambdaBackend",
    "LoadBalancerBackend",
    "RouteIntegration",
    "SagemakerBackend",
    "backend_from",
    "served_by",
]
