"""A usage plan that is used up, made so behind CloudFormation's back and put right again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.gateway import LocalGateway


@contextmanager
def no_rate(gateway: LocalGateway) -> Iterator[None]:
    """The plan lets nothing pass, so that every request is throttled."""
    client, plan = _plan_of(gateway)
    usual = {f"/throttle/{name}": str(limit) for name, limit in plan["throttle"].items()}
    _patch(client, plan, *({"op": "replace", "path": path, "value": "0"} for path in usual))
    try:
        yield
    finally:
        _patch(client, plan, *({"op": "replace", "path": path, "value": limit} for path, limit in usual.items()))


@contextmanager
def no_quota(gateway: LocalGateway) -> Iterator[None]:
    """The plan has a quota, of which nothing is left."""
    client, plan = _plan_of(gateway)
    quota = {"/quota/limit": "0", "/quota/period": "MONTH"}
    _patch(client, plan, *({"op": "replace", "path": path, "value": value} for path, value in quota.items()))
    try:
        yield
    finally:
        _patch(client, plan, {"op": "remove", "path": "/quota"})


def _plan_of(gateway: LocalGateway) -> tuple[Any, Any]:
    client = CloudInventory(gateway.cloud).client("apigateway")
    *_, api_id, _stage = gateway.api_path.split("/")
    (plan,) = [each for each in client.get_usage_plans(limit=500)["items"] if each["apiStages"][0]["apiId"] == api_id]
    return client, plan


def _patch(client: Any, plan: Any, *operations: dict[str, str]) -> None:
    client.update_usage_plan(usagePlanId=plan["id"], patchOperations=operations)
