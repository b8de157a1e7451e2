"""With a key of the owner's own, nothing that a gateway keeps is under another one."""

import fnmatch
import json
import re
from collections.abc import Iterator

import pytest
from aws_cdk import aws_kms as kms

from ml_gateway import ClientSecrets, EncryptionConfig, OriginSecrets, load_config
from tests.files import KMS_KEY
from tests.synthesis import TOP, Json, Templates, bare_stack, gateway_config, resources, synthesize, template_of

EU = KMS_KEY.replace("us-east-1", "eu-west-1")
KEY_OF = {
    "AWS::Logs::LogGroup": "KmsKeyId",
    "AWS::SecretsManager::Secret": "KmsKeyId",
    "AWS::SNS::Topic": "KmsMasterKeyId",
}
KEPT_BY_OTHERS = {
    # Held by the services themselves, which take no key of a customer: nothing of a caller is in them.
    "AWS::ApiGateway::ApiKey", "AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::Logs::QueryDefinition",
}  # fmt: skip


def keys(template: Json) -> Iterator[tuple[str, object]]:
    """What is kept, and the key that it is under."""
    for resource_type, name in KEY_OF.items():
        for logical_id, properties in resources(template, resource_type).items():
            yield logical_id, properties.get(name)


@pytest.mark.parametrize(("stack", "key", "fewest"), [("keys", KMS_KEY, 4), ("api", EU, 3), ("edge", KMS_KEY, 3)])
def test_secrets_logs_and_topics_are_under_the_key_of_their_region(
    complete_templates: Templates, stack: str, key: str, fewest: int
) -> None:
    found = dict(keys(complete_templates[stack]))
    assert len(found) >= fewest
    assert set(found.values()) == {key}


def test_each_replica_is_under_the_key_of_its_own_region(complete_templates: Templates) -> None:
    secrets = resources(complete_templates["keys"], "AWS::SecretsManager::Secret").values()
    assert len(secrets) >= 4
    assert all(secret["ReplicaRegions"] == [{"Region": "eu-west-1", "KmsKeyId": EU}] for secret in secrets)


def test_one_key_does_in_one_region() -> None:
    templates = synthesize(gateway_config(encryption=EncryptionConfig(kms_key=KMS_KEY)))
    found = {key for template in templates.values() for _, key in keys(template)}
    assert found == {KMS_KEY}


@pytest.mark.parametrize(("stack", "region"), [("api", "eu-west-1"), ("edge", "us-east-1")])
def test_the_policy_of_the_page_lets_each_log_group_be_written(
    complete_templates: Templates, stack: str, region: str
) -> None:
    (text,) = re.findall(r"```json\n(.*?)```", (TOP / "docs" / "encryption.md").read_text(), re.DOTALL)
    for placeholder, value in (("<region>", region), ("<account>", "123456789012"), ("<name>", "complete-ml")):
        text = text.replace(placeholder, value)
    policy = json.loads(text)
    (of_logs,) = [each for each in policy["Statement"] if each["Sid"] == "LogsOfTheGateway"]
    patterns = of_logs["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]
    groups = resources(complete_templates[stack], "AWS::Logs::LogGroup")
    assert groups
    for logical_id, group in groups.items():
        # What has no name gets one of the stack's, the logical id and letters (CloudFormation User Guide, Name type).
        name = group.get("LogGroupName", f"complete-ml-{stack}-{logical_id}-0AbC")
        arn = f"arn:aws:logs:{region}:123456789012:log-group:{name}"
        assert any(fnmatch.fnmatchcase(arn, pattern) for pattern in patterns), arn
    assert of_logs["Principal"] == {"Service": f"logs.{region}.amazonaws.com"}


def test_without_the_setting_no_key_is_named(templates: Templates) -> None:
    assert [key for template in templates.values() for _, key in keys(template) if key is not None] == []


def test_whatever_else_could_take_a_key_is_known(complete_templates: Templates) -> None:
    """A new kind of resource that keeps something has to be looked at here."""
    kinds = {each["Type"] for template in complete_templates.values() for each in template["Resources"].values()}
    assert kinds.isdisjoint({"AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::DynamoDB::Table", "AWS::Lambda::Function"})
    assert {*KEY_OF, *KEPT_BY_OTHERS} <= kinds


def test_encryption_changes_nothing_but_keys() -> None:
    config = load_config(TOP / "examples" / "complete.yaml")
    encrypted, plain = synthesize(config), synthesize(config.model_copy(update={"encryption": None}))
    for role in plain:
        assert encrypted[role]["Resources"].keys() == plain[role]["Resources"].keys()
        for logical_id, resource in encrypted[role]["Resources"].items():
            properties = dict(resource.get("Properties", {}))
            for name in ("KmsKeyId", "KmsMasterKeyId"):
                properties.pop(name, None)
            if "ReplicaRegions" in properties:
                properties["ReplicaRegions"] = [{"Region": each["Region"]} for each in properties["ReplicaRegions"]]
            assert properties == plain[role]["Resources"][logical_id].get("Properties", {})


def test_the_stage_traces_only_if_the_file_says_so(complete_templates: Templates, api: Json) -> None:
    (traced,) = resources(complete_templates["api"], "AWS::ApiGateway::Stage").values()
    (plain,) = resources(api, "AWS::ApiGateway::Stage").values()
    assert traced["TracingEnabled"] is True
    assert "TracingEnabled" not in plain


@pytest.mark.parametrize("construct", [OriginSecrets, ClientSecrets])
def test_a_replica_without_a_key_beside_a_secret_with_one_is_refused(construct: type) -> None:
    def define(replica_keys: dict[str, str], regions: tuple[str, ...] = ("eu-west-1",)) -> Json:
        stack = bare_stack()
        own = kms.Key.from_key_arn(stack, "Key", KMS_KEY)
        others = {region: kms.Key.from_key_arn(stack, region, arn) for region, arn in replica_keys.items()}
        clients = {"clients": {"a": ("default",)}} if construct is ClientSecrets else {}
        construct(
            stack,
            "Secrets",
            gateway_name="fraud",
            replica_regions=regions,
            encryption_key=own,
            replica_keys=others,
            **clients,
        )
        return template_of(stack)

    (secret,) = resources(define({"eu-west-1": EU}), "AWS::SecretsManager::Secret").values()
    assert (secret["KmsKeyId"], secret["ReplicaRegions"]) == (KMS_KEY, [{"Region": "eu-west-1", "KmsKeyId": EU}])
    with pytest.raises(ValueError, match="no key of eu-west-1, where a replica is; name one"):
        define({})
    with pytest.raises(ValueError, match="a key of eu-west-1, where no replica is; leave it out"):
        define({"eu-west-1": EU}, regions=())
