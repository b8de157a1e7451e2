"""What a model offers: serving protocols and routes as plain values."""

from ml_gateway.serving.allowed import EVERYTHING, LONGEST_RESOURCE, allowed_by, stray_call
from ml_gateway.serving.base_urls import wrong_base_url
from ml_gateway.serving.collisions import USUAL_RESOURCES_OF_AN_API, misfits, resources_of_the_api
from ml_gateway.serving.model import ServedModel, wrong_name_by_server
from ml_gateway.serving.patterns import LONGEST_PATTERN, answers, specificity, stray_request, takes
from ml_gateway.serving.protocols import NAMES_MODELS, PROTOCOLS, ProtocolName
from ml_gateway.serving.route import Route
from ml_gateway.serving.traffic import (
    LONGEST_FILTER_PATTERN,
    MOST_METRIC_FILTERS,
    ModelTraffic,
    count_metric_filters,
    count_widgets,
    longest_filter_pattern,
    traffic_of,
)
from ml_gateway.serving.versions import MOST_VERSIONS, expression_of, hides, version_name, version_of

__all__ = [
    "EVERYTHING",
    "LONGEST_FILTER_PATTERN",
    "LONGEST_PATTERN",
    "LONGEST_RESOURCE",
    "MOST_METRIC_FILTERS",
    "MOST_VERSIONS",
    "NAMES_MODELS",
    "PROTOCOLS",
    "USUAL_RESOURCES_OF_AN_API",
    "ModelTraffic",
    "ProtocolName",
    "Route",
    "ServedModel",
    "allowed_by",
    "answers",
    "count_metric_filters",
    "count_widgets",
    "expression_of",
    "hides",
    "longest_filter_pattern",
    "misfits",
    "resources_of_the_api",
    "specificity",
    "stray_call",
    "stray_request",
    "takes",
    "traffic_of",
    "version_name",
    "version_of",
    "wrong_base_url",
    "wrong_name_by_server",
]
