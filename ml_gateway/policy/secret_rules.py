"""Rules about secrets, and about what names them. They hold for all of an app, as cdk-nag's do."""

import json
from collections.abc import Iterator
from typing import Final

from ml_gateway.policy.finding import Finding
from ml_gateway.policy.house_rule import all_of, house_rule
from ml_gateway.policy.template import Place, Template


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
    return [one for one in template.resources if "{{resolve:secretsmanager:" in json.dumps(one.value)]


@house_rule(
    "SecretsComeFirst",
    "what names a secret of its own stack depends on it",
    subjects=_readers_of_secrets,
    source="CloudFormation User Guide, Dynamic references: one to a secret of the same stack orders nothing",
)
def secrets_come_first(reader: Place) -> Iterator[Finding]:
    text = json.dumps(reader.value.get("Properties", {}))
    for secret in reader.template.all_of("AWS::SecretsManager::Secret"):
        name = secret.get("Name")
        # A secret without a name gets one that nobody can write down before.
        if name is not None and f":{name.text()}:" in text and secret.logical_id not in reader.depends_on():
            yield Finding(
                logical_id=reader.logical_id,
                location="DependsOn",
                found=f"lacks {secret.logical_id}, whose secret it names",
            )


SECRET_RULES: Final = (
    secrets_have_no_value_in_the_template,
    secrets_come_first,
)
