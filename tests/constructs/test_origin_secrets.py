"""The origin secrets: three generations, under one name and one logical id for good."""

from typing import Any

import pytest

from ml_gateway import OriginSecrets
from tests.synthesis import Json, bare_stack, resources, template_of


def secrets_of(generation: int = 1, **settings: Any) -> Json:
    """Logical id -> properties."""
    stack = bare_stack()
    OriginSecrets(stack, "OriginSecrets", gateway_name="fraud", generation=generation, **settings)
    return resources(template_of(stack), "AWS::SecretsManager::Secret")


def names(generation: int) -> list[str]:
    return [secret["Name"] for secret in secrets_of(generation).values()]


@pytest.mark.parametrize(
    ("generation", "kept", "accepted"),
    [(1, [1], [1]), (2, [1, 2], [1, 2]), (3, [1, 2, 3], [2, 3]), (9, [7, 8, 9], [8, 9])],
)
def test_three_generations_are_kept_two_accepted_and_one_sent(
    generation: int, kept: list[int], accepted: list[int]
) -> None:
    secrets = OriginSecrets(bare_stack(), "OriginSecrets", gateway_name="fraud", generation=generation)
    assert names(generation) == [f"fraud/origin/{number}" for number in kept]
    assert secrets.accepted == {number: f"fraud/origin/{number}" for number in accepted}
    assert secrets.sent == f"fraud/origin/{generation}"


def test_a_generation_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="generation must be at least 1, got 0; the first one is 1"):
        secrets_of(generation=0)


def test_the_settings_of_the_generator_are_frozen() -> None:
    # Another one would generate a new value under the same name (docs/adr/0002).
    (secret,) = secrets_of().values()
    assert secret["GenerateSecretString"] == {"ExcludePunctuation": True, "PasswordLength": 64}


def test_the_logical_ids_are_frozen() -> None:
    # Under another one CloudFormation would define the name a second time, and be refused.
    assert list(secrets_of(3)) == [
        "OriginSecretsGeneration1SecretCBC1E16F",
        "OriginSecretsGeneration2SecretA25E384B",
        "OriginSecretsGeneration3Secret12380641",
    ]


def test_a_rotation_adds_a_generation_and_takes_the_fourth_away() -> None:
    before, after = secrets_of(3), secrets_of(4)
    assert [before[name]["Name"] for name in before.keys() - after.keys()] == ["fraud/origin/1"]
    assert [after[name]["Name"] for name in after.keys() - before.keys()] == ["fraud/origin/4"]
    assert all(before[name] == after[name] for name in before.keys() & after.keys())


def test_secrets_are_replicated_to_where_they_are_read() -> None:
    (secret,) = secrets_of(replica_regions=["eu-west-1"]).values()
    assert secret["ReplicaRegions"] == [{"Region": "eu-west-1"}]
    assert "ReplicaRegions" not in next(iter(secrets_of().values()))
