"""What the local cloud says about itself, asked with boto3. The one place where its untyped answers are read."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final

import boto3  # type: ignore[import-untyped]  # it has no stubs
import botocore.session  # type: ignore[import-untyped]  # neither has this
import jmespath  # type: ignore[import-untyped]  # nor this, which comes with boto3
from botocore.config import Config  # type: ignore[import-untyped]  # nor this

from ml_gateway.local.cloud import Cloud

_INVENTORY: Final[Sequence[tuple[str, str, dict[str, bool | str], str]]] = (
    ("cloudformation", "describe_stacks", {}, "Stacks[].StackName"),
    ("apigateway", "get_rest_apis", {}, "items[].id"),
    ("apigateway", "get_api_keys", {}, "items[].id"),
    ("apigateway", "get_usage_plans", {}, "items[].id"),
    ("apigateway", "get_domain_names", {}, "items[].domainName"),
    ("acm", "list_certificates", {}, "CertificateSummaryList[].CertificateArn"),
    ("cloudwatch", "describe_alarms", {}, "MetricAlarms[].AlarmName"),
    ("route53", "list_health_checks", {}, "HealthChecks[].Id"),
    ("wafv2", "list_web_acls", {"Scope": "REGIONAL"}, "WebACLs[].Name"),
    ("cloudfront", "list_distributions", {}, "DistributionList.Items[].Id"),
    ("cloudfront", "list_functions", {}, "FunctionList.Items[].Name"),
    ("cloudfront", "list_key_value_stores", {}, "KeyValueStoreList.Items[].Name"),
    ("events", "list_rules", {}, "Rules[].Name"),
    ("secretsmanager", "list_secrets", {"IncludePlannedDeletion": True}, "SecretList[].Name"),
    ("logs", "describe_log_groups", {}, "logGroups[].logGroupName"),
)
"""Service, operation, its arguments, and where in the answers the names are."""


class CloudInventory:
    """Reads stacks, secrets and distributions of one cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self._endpoint = cloud.endpoint

    def client(self, service: str, region: str = "us-east-1") -> Any:
        return _client(self._endpoint, service, region)

    def outputs(self, stack: str, region: str) -> dict[str, str]:
        (described,) = self.client("cloudformation", region).describe_stacks(StackName=stack)["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}

    def template(self, stack: str, region: str) -> str:
        """The deployed template, as JSON."""
        return json.dumps(self.client("cloudformation", region).get_template(StackName=stack)["TemplateBody"])

    def secret(self, name: str, region: str) -> str:
        return str(self.client("secretsmanager", region).get_secret_value(SecretId=name)["SecretString"])

    def secrets(self, prefix: str, region: str) -> dict[str, str]:
        """Value -> name of every secret whose name starts with `prefix`."""
        pages = self.client("secretsmanager", region).get_paginator("list_secrets").paginate()
        names = [name for name in pages.search("SecretList[].Name") if name.startswith(prefix)]
        return {self.secret(name, region): name for name in names}

    def origin_headers(self, distribution_domain: str) -> dict[str, str]:
        """Header -> value of what CloudFront adds to a request on its way to the origin."""
        client = self.client("cloudfront")
        found = client.get_paginator("list_distributions").paginate().search("DistributionList.Items[]")
        (distribution,) = [item["Id"] for item in found if item["DomainName"] == distribution_domain]
        config = client.get_distribution_config(Id=distribution)["DistributionConfig"]
        (origin,) = config["Origins"]["Items"]
        return {header["HeaderName"].lower(): header["HeaderValue"] for header in origin["CustomHeaders"]["Items"]}

    def inventory(self, regions: Sequence[str]) -> frozenset[str]:
        """Everything there is of what a gateway consists of, secrets that are only planned to be deleted included."""
        found = {
            f"{service} {operation} {region} {name}"
            for region in regions
            for service, operation, arguments, names in _INVENTORY
            for name in _names(self.client(service, region), operation, arguments, names)
            if name
        }
        return frozenset(found | {f"route53 list_resource_record_sets {' '.join(each)}" for each in self.records()})

    def records(self) -> list[tuple[str, str, str]]:
        """Name, type and region of the records of all zones; no region of those that have none."""
        client = self.client("route53")
        records = client.get_paginator("list_resource_record_sets")
        return [
            (each["Name"], each["Type"], each.get("Region", "-"))
            for zone in client.list_hosted_zones()["HostedZones"]
            for each in records.paginate(HostedZoneId=zone["Id"]).search("ResourceRecordSets[]")
        ]


@cache
def _session() -> Any:
    """One for all clouds: it reads the description of a service once."""
    # Whatever profile the caller has chosen has nothing to do with the local cloud.
    no_file = (None, None, os.devnull, None)
    variables = {"profile": (None, None, None, None), "config_file": no_file, "credentials_file": no_file}
    return boto3.Session(botocore_session=botocore.session.Session(session_vars=variables))


@cache
def _client(endpoint: str, service: str, region: str) -> Any:
    return _session().client(
        service,
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 (the emulator takes any)
        config=Config(proxies={}, connect_timeout=5, read_timeout=30),
    )


def _names(client: Any, operation: str, arguments: Mapping[str, bool | str], names: str) -> Iterable[Any]:
    if client.can_paginate(operation):
        found: Iterable[Any] = client.get_paginator(operation).paginate(**arguments).search(names)
        return found
    # The first answer has up to 100, more than any gateway has.
    return jmespath.search(names, getattr(client, operation)(**arguments)) or []
