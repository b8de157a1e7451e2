"""Where MiniStack 1.5.33 is kinder than AWS with secrets, and with the API keys that are made of them.

Each is our reading of the page or the issue that it names, and no witness of what AWS does.

* `with_old_references`: it uses again what a reference to a secret was once resolved to. Here an update, the way back
  of one, and a deletion fail if a reference that the resource *had* does not resolve any more.
  aws-cloudformation/cloudformation-coverage-roadmap#1246 (update), #1507 (deletion); aws/aws-cdk#24130. Stricter than
  AWS may be: it holds for each type.
* What an update cannot delete stays in its stack. Here it has left the stack, and still exists. CloudFormation User
  Guide, Troubleshooting, "Resource removed from stack but not deleted". So its logical id is free for another one.
* `with_names_taken`: it overwrites a secret of the same name. Here another one cannot be created. Secrets Manager API
  reference, CreateSecret, ResourceExistsException.
* `with_replicas_removed`: a region that a template no longer names keeps its replica. Here it loses it. Secrets Manager
  API reference, RemoveRegionsFromReplication: replicas are what `ReplicaRegions` says.
* `with_values_taken`: two API keys of a region may have the same value. Here they may not. API Gateway API reference,
  CreateApiKey, ConflictException; rrahul963/serverless-add-api-key#27 has its words.
* `api_key_of_the_region`: it takes a key of another region for that of the value, if there are two. Here those of the
  API's own region count. API Gateway Developer Guide, "Usage plans and API keys": keys are of an account and region.
* `with_plans_of_a_key`: asked for the usage plans of a key, it names all that there are. Here those that the key is in.
  API Gateway API reference, GetUsagePlans, `keyId`.
* `with_one_plan_of_a_stage`: a key may be in two plans of a stage. Here it may not. API Gateway Developer Guide, "Usage
  plans and API keys": a key can be associated with one usage plan for each stage of an API; API reference,
  CreateUsagePlanKey, ConflictException.

Kinder than AWS all the same: secrets and replicas are deleted at once, and each replica succeeds.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from ministack.services import apigateway_v1 as v1
from ministack.services import cloudformation, secretsmanager
from ministack.services.cloudformation import engine, stacks

Json = dict[str, Any]
SECRET = "AWS::SecretsManager::Secret"  # noqa: S105 (a type)


def expect_references(record: Json) -> None:
    """Raises ValueError if a reference does not resolve that the resource was made with."""
    for reference in record.get("_dynamic", {}):
        engine._resolve_dynamic_reference(reference)


def with_old_references(usual: Callable[..., Any]) -> Callable[..., Any]:
    """`usual` updates a resource; it is asked for each one of a stack, also for those that stay as they are."""

    def update(
        resource_type: str, physical_id: str, before: Json, after: Json, stack: str, logical_id: str, *rest: Any
    ) -> Any:
        if before != after:
            expect_references(cloudformation._stacks[stack]["_resources"][logical_id])
        return usual(resource_type, physical_id, before, after, stack, logical_id, *rest)

    return update


def with_references_to_return_to(usual: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """`usual` sends a resource back to what it was before a failed update: to its `record`."""

    async def revert(*place: Any) -> None:
        *_, record = place
        expect_references(record)
        await usual(*place)

    return revert


def with_references_of_the_deleted(usual: Callable[..., None]) -> Callable[..., None]:
    """`usual` deletes a resource: with its stack, at the end of an update, or because an operation failed."""

    def delete(resource_type: str, physical_id: str, properties: Json, stack_name: str, logical_id: str) -> None:
        stack = cloudformation._stacks[stack_name]
        record = stack["_resources"].get(logical_id, {})
        if record.get("PhysicalResourceId") == physical_id:
            try:
                expect_references(record)
            except ValueError:
                if stack["StackStatus"] != "DELETE_IN_PROGRESS":
                    del stack["_resources"][logical_id]
                raise
        usual(resource_type, physical_id, properties, stack_name, logical_id)

    return delete


def with_names_taken(usual: Callable[..., Any]) -> Callable[..., Any]:
    """`usual` creates a secret."""

    def create(logical_id: str, properties: Json, stack_name: str) -> Any:
        if (name := properties.get("Name")) in secretsmanager._secrets:
            raise ValueError(f"ResourceExistsException: the secret {name} already exists.")
        return usual(logical_id, properties, stack_name)

    return create


def with_replicas_removed(usual: Callable[..., Any]) -> Callable[..., Any]:
    """`usual` updates a secret."""

    def update(physical_id: str, before: Json, after: Json, *rest: Any) -> Any:
        dropped = _regions(before) - _regions(after)
        secret = secretsmanager._secrets[physical_id]
        replicas = {each["Region"]: each for each in secret["ReplicationStatus"]}
        gone = [replicas.pop(region) for region in dropped & replicas.keys()]
        secretsmanager._delete_replicas({**secret, "ReplicationStatus": gone})
        secret["ReplicationStatus"] = list(replicas.values())
        return usual(physical_id, before, after, *rest)

    return update


def _regions(properties: Json) -> set[str]:
    return {replica["Region"] for replica in properties.get("ReplicaRegions", [])}


def with_values_taken(usual: Callable[[Json], Any]) -> Callable[[Json], Any]:
    """`usual` creates an API key."""

    def create_api_key(data: Json) -> Any:
        if data.get("value") in {key["value"] for key in v1._api_keys.values()}:
            return v1._v1_error("ConflictException", "API Key already exists", 409)
        return usual(data)

    return create_api_key


def api_key_of_the_region(value: str | None) -> Json | None:
    """The key that a request to an API of this region carries."""
    found = (key for key in v1._api_keys.values() if key["value"] == value and key["enabled"])
    return next(found, None)


def with_plans_of_a_key(usual: Callable[[Json], Any]) -> Callable[[Json], Any]:
    """`usual` lists usage plans."""

    def get_usage_plans(query: Json) -> Any:
        if not (key := v1._qp(query, "keyId")):
            return usual(query)
        plans = [plan for plan in v1._usage_plans.values() if key in v1._usage_plan_keys[plan["id"]]]
        return v1._v1_paginated_response(plans, query)

    return get_usage_plans


def with_one_plan_of_a_stage(usual: Callable[[str, Json], Any]) -> Callable[[str, Json], Any]:
    """`usual` joins a key to a plan."""

    def create_usage_plan_key(plan_id: str, data: Json) -> Any:
        key = data["keyId"]
        for stage in v1._usage_plans.get(plan_id, {}).get("apiStages", []):
            if v1._usage_plans_for_key(key, stage["apiId"], stage["stage"]):
                return v1._v1_error("ConflictException", f"{key} is in a usage plan of this stage already", 409)
        return usual(plan_id, data)

    return create_usage_plan_key


def mend(handlers: dict[str, Json]) -> None:
    """`handlers` are those of CloudFormation's resource types."""
    secret = handlers[SECRET]
    handlers[SECRET] = {
        **secret,
        "create": with_names_taken(secret["create"]),
        "update": with_replicas_removed(secret["update"]),
    }
    stacks._update_resource = with_old_references(stacks._update_resource)
    stacks._revert_update = with_references_to_return_to(stacks._revert_update)
    stacks._delete_resource = with_references_of_the_deleted(stacks._delete_resource)
    v1._create_api_key = with_values_taken(v1._create_api_key)
    v1._resolve_api_key = api_key_of_the_region
    v1._create_usage_plan_key = with_one_plan_of_a_stage(v1._create_usage_plan_key)
    v1._get_usage_plans = with_plans_of_a_key(v1._get_usage_plans)
