"""Rules about secrets, and about what names them. They hold for all of an app, as cdk-nag's do."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from ml_gateway.policy.finding import Finding
from ml_gateway.policy.house_rule import all_of, house_rule
from ml_gateway.policy.template import Place, Template

ORIGIN_SECRET: Final = re.compile(r"\{\{resolve:secretsmanager:(([^:{}]+)/origin/\d+):")


def gateways_named_in(*resources: str) -> frozenset[str]:
    """The names of the gateways whose origin secrets are referred to in these, which are written as JSON."""
    return frozenset(gateway for resource in resources for _, gateway in ORIGIN_SECRET.findall(resource))


@house_rule(
    "SecretsHaveNoValueInTheTemplate",
    "a secret's value is generated, and stands in no template",
    subjects=all_of("AWS::SecretsManager::Secret"),
    source="Secrets Manager User Guide, best practices; docs/security.md",
)
def secrets_have_no_value_in_the_template(secret: Place) -> Iterator[Finding]:
    value = secret.get("SecretString")
    if value is not None:
        yield value.wrong("is in the template")


def _readers_of_secrets(template: Template) -> list[Place]:
    return [one for one in template.resources if "{{resolve:secretsmanager:" in template.written[one.logical_id]]


@house_rule(
    "SecretsComeFirst",
    "what names a secret of its own stack depends on it",
    subjects=_readers_of_secrets,
    source="CloudFormation User Guide, Dynamic references: one to a secret of the same stack orders nothing",
)
def secrets_come_first(reader: Place) -> Iterator[Finding]:
    text = reader.template.written[reader.logical_id]
    for secret in reader.template.all_of("AWS::SecretsManager::Secret"):
        name = secret.get("Name")
        # A secret without a name gets one that nobody can write down before.
        if name is not None and f":{name.text()}:" in text and secret.logical_id not in reader.depends_on():
            yield Finding(
                logical_id=reader.logical_id,
                location="DependsOn",
                found=f"lacks {secret.logical_id}, whose secret it names",
            )


def _readers_of_origin_secrets(template: Template) -> list[Place]:
    return [one for one in template.resources if ORIGIN_SECRET.search(template.written[one.logical_id])]


@house_rule(
    "OriginSecretsAreKept",
    "what names an origin secret of the app names one that is kept, and that its own region has",
    subjects=_readers_of_origin_secrets,
    source="docs/adr/0020-keys-that-survive-their-api.md; aws-cloudformation/cloudformation-coverage-roadmap#1246",
)
def origin_secrets_are_kept(reader: Place) -> Iterator[Finding]:
    for name, gateway in sorted(set(ORIGIN_SECRET.findall(reader.template.written[reader.logical_id]))):
        kept = {secret["Name"].text(): secret for secret in _origin_secrets(reader.template.app, gateway)}
        if kept and name not in kept:
            yield reader["Properties"].wrong(f"names {name}, and the app defines {', '.join(sorted(kept))}")
        elif kept and not _is_in(reader.template.region, kept[name]):
            yield reader["Properties"].wrong(f"names {name}, of which {reader.template.region} has no replica")


def _origin_secrets(app: Sequence[Template], gateway: str) -> Iterator[Place]:
    """Those of one gateway whose names stand in the templates: nobody can refer to another one by a text."""
    own = re.compile(rf"{re.escape(gateway)}/origin/\d+")
    for template in app:
        for secret in template.all_of("AWS::SecretsManager::Secret"):
            if own.fullmatch(str(secret.value.get("Name"))):
                yield secret


def _is_in(region: str | None, secret: Place) -> bool:
    """Whether a region has the secret or a replica of it; where one of the two is not known, nobody can tell."""
    if None in (region, secret.template.region) or region == secret.template.region:
        return True
    replicas = secret.get("ReplicaRegions")
    return replicas is not None and region in [replica["Region"].text() for replica in replicas.items()]


SECRET_RULES: Final = (
    secrets_have_no_value_in_the_template,
    secrets_come_first,
    origin_secrets_are_kept,
)
