"""What the demo claims of a gateway in several regions."""

import shlex
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from time import sleep
from typing import Any, Final, Protocol

from demo.observations import Observation, burst_size, distinct, request_for_any
from ml_gateway import naming
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.cloud import NEAR_HEADER
from ml_gateway.local.gateway import LocalGateway, stacks_of

_A_FEW: Final = 5
"""Requests: a plan that is used up refuses some of them, and one that is not lets them through."""


def counts_and_drain(gateway: LocalGateway) -> Observation:
    """Which region answers is told by whose plan is used up: nothing in an answer says it."""
    here, there, *_ = gateway.config.regions
    sleep(gateway.seconds_for_a_token * gateway.plan.burst)
    _send(gateway, there, burst_size(gateway.plan))
    apart = _send(gateway, here, _A_FEW)
    sleep(gateway.seconds_for_a_token * gateway.plan.burst)
    with drained(gateway, there):
        _send(gateway, there, burst_size(gateway.plan))
        together = _send(gateway, here, _A_FEW)
    return Observation(
        claim=f"callers near {there} use up its plan alone, and while it is drained they are sent to {here}",
        expected=f"{here}: 200, then 429 there, too",
        observed=f"{here}: {apart}, then {'429 there, too' if '429' in together else together}",
    )


@contextmanager
def drained(gateway: LocalGateway, region: str) -> Iterator[None]:
    """As the two lines say that are outputs."""
    name, alarm_region = stacks_of(gateway.config)[naming.drain_stack(gateway.config.name, region)]
    inventory = CloudInventory(gateway.cloud)
    lines = inventory.outputs(name, alarm_region)
    put_metric_data(inventory, lines[naming.DRAIN_COMMAND])
    try:
        yield
    finally:
        put_metric_data(inventory, lines[naming.BRING_BACK_COMMAND])


class Clients(Protocol):
    """Whoever has boto3's clients."""

    def client(self, service: str, region: str) -> Any: ...


def put_metric_data(clients: Clients, line: str) -> None:
    """Do what the line says, which a shell would give to `aws`. Raises ValueError for any other line."""
    words = shlex.split(line)
    if words[:3] != ["aws", "cloudwatch", "put-metric-data"]:
        raise ValueError(line)
    options = dict(zip(words[3::2], words[4::2], strict=True))
    name, _, value = options["--dimensions"].partition("=")
    datum = {
        "MetricName": options["--metric-name"],
        "Dimensions": [{"Name": name, "Value": value}],
        "Value": float(options["--value"]),
    }
    client = clients.client("cloudwatch", options["--region"])
    client.put_metric_data(Namespace=options["--namespace"], MetricData=[datum])


def _send(gateway: LocalGateway, near: str, count: int) -> str:
    """The statuses of so many requests at once from near a region."""
    request = request_for_any(gateway)
    request = replace(request, headers={**request.headers, NEAR_HEADER: near})
    with ThreadPoolExecutor(max_workers=16) as senders:
        return distinct([answer.status for answer in senders.map(lambda _: gateway.edge.send(request), range(count))])
