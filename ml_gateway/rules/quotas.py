"""More than the services take of what a whole gateway makes, as far as it follows from the file alone.

What CloudFormation takes is counted in what was defined: `ml_gateway.policy`.
"""

from collections.abc import Iterator

from ml_gateway.config import GatewayConfig
from ml_gateway.conflicts import Conflict
from ml_gateway.design import GatewayDesign
from ml_gateway.rules.rule import reads
from ml_gateway.serving import MOST_RESOURCES_OF_AN_API, resources_of_the_api


@reads()
def too_many_resources_of_the_api(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    count = resources_of_the_api(route for routes in meant.routes.values() for route in routes)
    if count > MOST_RESOURCES_OF_AN_API:
        message = (
            f"their paths make {count} resources of the API, and it takes {MOST_RESOURCES_OF_AN_API}; "
            "take out models, or put them in another gateway"
        )
        yield Conflict(message, ("models",))
