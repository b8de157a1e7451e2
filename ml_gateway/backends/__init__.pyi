from .backend import Backend, RouteIntegration
from .gateway_answer import GatewayAnswer
from .http import BearerToken, HttpBackend
from .lambda_function import LambdaBackend
from .load_balancer import LoadBalancerBackend
from .sagemaker import SagemakerBackend
from .serving import backend_of, served_by

__all__ = [
    "Backend",
    "BearerToken",
    "GatewayAnswer",
    "HttpBackend",
    "LambdaBackend",
    "LoadBalancerBackend",
    "RouteIntegration",
    "SagemakerBackend",
    "backend_of",
    "served_by",
]
