"""Rules between what the edge answers itself and the models behind it."""

from collections.abc import Iterator

from ml_gateway.config import GatewayConfig
from ml_gateway.conflicts import Conflict
from ml_gateway.design import GatewayDesign
from ml_gateway.rules.rule import reads
from ml_gateway.serving import answers
from ml_gateway.wording import shown


@reads("models.*.path", "models.*.protocol", "models.*.methods", "models.*.served_as")
def routes_behind_the_health_check(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """The first route that the health check of the edge would answer in a model's place."""
    health = meant.edge.health
    for name, model in meant.models.items():
        for route in model.routes:
            if health and route.http_method in ("GET", "HEAD") and answers(route.path, health):
                message = (
                    f"{shown(health)} is answered by model {shown(name)}, at {shown(route.path)}; "
                    "give one of them another path"
                )
                yield Conflict(message, ("edge", "health"), {"models": (name,)})
                return
