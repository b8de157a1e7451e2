"""Each kind of backend: a value that turns itself into an API Gateway integration."""

from ml_gateway.backends.backend import Backend, RouteIntegration
from ml_gateway.backends.gateway_answer import GatewayAnswer
from ml_gateway.backends.http import BearerToken, HttpBackend
from ml_gateway.backends.lambda_function import LambdaBackend
from ml_gateway.backends.load_balancer import LoadBalancerBackend
from ml_gateway.backends.sagemaker import SagemakerBackend
from ml_gateway.backends.serving import backend_of, served_by

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
