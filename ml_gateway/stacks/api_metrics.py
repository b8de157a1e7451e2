"""The metrics of a gateway's API, as both of its stacks name them. Loaded by gateways that have alerts alone."""

from ml_gateway.constructs.alerts import ApiMetrics
from ml_gateway.design import GatewayDesign


def api_metrics(design: GatewayDesign, region: str) -> ApiMetrics:
    """Those of one region, by literal names: the edge shows them without referring to the API's stack."""
    return ApiMetrics(api_name=design.name, stage_name=design.stage, region=region, models=design.traffic)
