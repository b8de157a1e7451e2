"""The metrics of a gateway's API, as both of its stacks name them. Loaded by gateways that have alerts alone."""

from ml_gateway.config import GatewayConfig
from ml_gateway.constructs.alerts import ApiTraffic
from ml_gateway.serving import traffic_of


def api_traffic(config: GatewayConfig) -> ApiTraffic:
    """By literal names: the edge shows them without referring to the API's stack."""
    return ApiTraffic(
        api_name=config.name,
        stage_name=config.stage,
        region=config.region,
        models=traffic_of(model.serving(name) for name, model in config.models.items()),
    )
