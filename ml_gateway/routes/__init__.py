"""What a model offers: serving protocols and routes as plain values."""

from ml_gateway.routes.errors import BLOCKED, GATEWAY_ERRORS, THROTTLED_AT_EDGE, Dialect, GatewayError, error_body
from ml_gateway.routes.limits import MOST_RESOURCES_OF_AN_API, misfits, resources_of_the_api
from ml_gateway.routes.patterns import LONGEST_PATTERN, answers, specificity, stray_request
from ml_gateway.routes.protocols import PROTOCOLS, ProtocolName
from ml_gateway.routes.route import Route
from ml_gateway.routes.serving import Serving
from ml_gateway.routes.traffic import (
    LONGEST_FILTER_PATTERN,
    MOST_METRIC_FILTERS,
    ModelTraffic,
    count_metric_filters,
    longest_filter_pattern,
    traffic_of,
)

__all__ = [
    "BLOCKED",
    "GATEWAY_ERRORS",
    "LONGEST_FILTER_PATTERN",
    "LONGEST_PATTERN",
    "MOST_METRIC_FILTERS",
    "MOST_RESOURCES_OF_AN_API",
    "PROTOCOLS",
    "THROTTLED_AT_EDGE",
    "Dialect",
    "GatewayError",
    "ModelTraffic",
    "ProtocolName",
    "Route",
    "Serving",
    "answers",
    "count_metric_filters",
    "error_body",
    "longest_filter_pattern",
    "misfits",
    "resources_of_the_api",
    "specificity",
    "stray_request",
    "traffic_of",
]
