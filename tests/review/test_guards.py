"""What needs the label: every guarded type, and nothing of a rotation as it is meant."""

from pathlib import Path

import pytest

from ml_gateway.review import guards
from ml_gateway.review.guards import GUARDED
from ml_gateway.review.regions import REMOVED_STACK
from tests.review.assemblies import LOG_GROUP, resource, write_assembly
from tests.review.conftest import ReviewResources, RunReview
from tests.synthesis import Json

PROMISED = {
    "AWS::ApiGateway::ApiKey",
    "AWS::ApiGateway::BasePathMapping",
    "AWS::ApiGateway::DomainName",
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::Stage",
    "AWS::ApiGateway::UsagePlan",
    "AWS::ApiGateway::UsagePlanKey",
    "AWS::CertificateManager::Certificate",
    "AWS::CloudFormation::Stack",
    "AWS::CloudFront::Distribution",
    "AWS::Logs::LogGroup",
    "AWS::Route53::RecordSet",
    "AWS::SNS::Topic",
    "AWS::SecretsManager::Secret",
}


def secret(number: int) -> Json:
    return {f"Secret{number}": resource("AWS::SecretsManager::Secret", Name=f"acme/origin/{number}")}


def key(number: int) -> Json:
    value = f"{{{{resolve:secretsmanager:acme/origin/{number}:SecretString:::}}}}"
    return {
        f"Key{number}": resource("AWS::ApiGateway::ApiKey", Value=value),
        f"Place{number}": resource("AWS::ApiGateway::UsagePlanKey", KeyId={"Ref": f"Key{number}"}, UsagePlanId="plan"),
    }


def generations(*numbers: int) -> Json:
    """The secrets of these generations, and the keys of the newer two of them."""
    kept = [secret(number) for number in numbers] + [key(number) for number in numbers[-2:]]
    return {name: value for part in kept for name, value in part.items()}


def test_the_guarded_types_are_those_promised() -> None:
    assert set(GUARDED) == PROMISED


@pytest.mark.parametrize("resource_type", sorted(PROMISED))
def test_removing_a_guarded_resource_needs_the_label(resource_type: str, review_resources: ReviewResources) -> None:
    review = review_resources({"A": resource(resource_type)}, {})
    assert review.status == 1
    assert "**This needs the label `replacement-ok`**" in review.comment
    assert f"(<code>{resource_type}</code>), removed: {GUARDED[resource_type]}\n" in review.comment


@pytest.mark.parametrize("resource_type", sorted(PROMISED))
def test_renaming_a_guarded_resource_needs_the_label(resource_type: str, review_resources: ReviewResources) -> None:
    review = review_resources({"A": resource(resource_type)}, {"B": resource(resource_type)})
    assert review.status == 1
    assert f"(<code>{resource_type}</code>), moved: will be replaced: {GUARDED[resource_type]}\n" in review.comment


@pytest.mark.parametrize("resource_type", sorted(PROMISED))
def test_giving_the_name_of_a_guarded_resource_to_another_type_needs_the_label(
    resource_type: str, review_resources: ReviewResources
) -> None:
    review = review_resources({"A": resource(resource_type)}, {"A": resource("AWS::SQS::Queue")})
    assert review.status == 1
    assert f"(<code>{resource_type}</code>), replaced: {GUARDED[resource_type]}\n" in review.comment


@pytest.mark.parametrize("resource_type", sorted(PROMISED))
def test_without_its_line_in_the_table_a_type_would_pass(
    resource_type: str, review_resources: ReviewResources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guards, "GUARDED", {name: GUARDED[name] for name in PROMISED - {resource_type}})
    assert review_resources({"A": resource(resource_type)}, {}).status == 0


@pytest.mark.parametrize(
    ("resource_type", "old", "new"),
    [
        ("AWS::ApiGateway::ApiKey", {"Value": "a"}, {"Value": "b"}),
        ("AWS::ApiGateway::Stage", {"StageName": "v1"}, {"StageName": "v2"}),
        ("AWS::ApiGateway::UsagePlanKey", {"UsagePlanId": "free"}, {"UsagePlanId": "gold"}),
        ("AWS::CertificateManager::Certificate", {"DomainName": "a.org"}, {"DomainName": "b.org"}),
        ("AWS::Logs::LogGroup", {"LogGroupName": "a"}, {"LogGroupName": "b"}),
        ("AWS::Route53::RecordSet", {"Name": "a.org"}, {"Name": "b.org"}),
        ("AWS::SNS::Topic", {"TopicName": "a"}, {"TopicName": "b"}),
        ("AWS::SecretsManager::Secret", {"Name": "a"}, {"Name": "b"}),
        ("AWS::SecretsManager::Secret", {"SecretString": "a"}, {"SecretString": "b"}),
        (
            "AWS::SecretsManager::Secret",
            {"GenerateSecretString": {"PasswordLength": 40}},
            {"GenerateSecretString": {"PasswordLength": 50}},
        ),
    ],
)
def test_a_change_that_loses_a_guarded_resource_needs_the_label(
    resource_type: str, old: Json, new: Json, review_resources: ReviewResources
) -> None:
    assert review_resources({"A": resource(resource_type, **old)}, {"A": resource(resource_type, **new)}).status == 1


@pytest.mark.parametrize(
    ("resource_type", "old", "new"),
    [
        ("AWS::ApiGateway::RestApi", {"Description": "a"}, {"Description": "b"}),
        ("AWS::ApiGateway::UsagePlan", {"Throttle": {"RateLimit": 1}}, {"Throttle": {"RateLimit": 2}}),
        ("AWS::Logs::LogGroup", {"RetentionInDays": 30}, {"RetentionInDays": 90}),
        ("AWS::SecretsManager::Secret", {"Description": "a"}, {"Description": "b"}),
    ],
)
def test_a_change_in_place_needs_none(
    resource_type: str, old: Json, new: Json, review_resources: ReviewResources
) -> None:
    review = review_resources({"A": resource(resource_type, **old)}, {"A": resource(resource_type, **new)})
    assert review.status == 0
    assert "1 changed\n" in review.comment


def test_what_is_not_guarded_may_go(review_resources: ReviewResources) -> None:
    assert review_resources({"A": resource("AWS::ApiGateway::Deployment")}, {}).status == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [((1,), (1, 2)), ((1, 2), (1, 2, 3)), ((1, 2, 3), (2, 3, 4)), ((6, 7, 8), (7, 8, 9))],
    ids=lambda numbers: str(numbers),
)
def test_a_rotation_by_one_needs_no_label(
    old: tuple[int, ...], new: tuple[int, ...], review_resources: ReviewResources
) -> None:
    assert review_resources(generations(*old), generations(*new)).status == 0


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ((1, 2), (2, 3, 4), "Secret1"),  # raised by two
        ((2, 3), (1, 2), "Secret3"),  # lowered
        ((1, 2), (2,), "Secret1"),
        ((1, 2), (), "Secret2"),
        ((1, 2, 3), (3, 4), "Secret2"),  # the API that is deployed refers to it once more
    ],
    ids=lambda numbers: str(numbers),
)
def test_any_other_change_of_the_generation_does(
    old: tuple[int, ...], new: tuple[int, ...], lost: str, review_resources: ReviewResources
) -> None:
    review = review_resources(generations(*old), generations(*new))
    assert review.status == 1
    assert f"<code>{lost}</code> (<code>AWS::SecretsManager::Secret</code>), removed" in review.comment


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ((1,), (1, 2, 3), "generation 1 → 3: raise it by one, and again once that is deployed in all stacks"),
        ((1, 2, 3), (3, 4, 5), "generation 3 → 5: raise it by one"),
        ((1, 2), (1,), "generation 2 → 1: never lower it."),
        ((3, 4, 5), (2, 3, 4), "generation 5 → 4: never lower it."),
    ],
    ids=lambda numbers: str(numbers),
)
def test_a_jump_and_a_step_back_are_told_as_such(
    old: tuple[int, ...], new: tuple[int, ...], line: str, review_resources: ReviewResources
) -> None:
    review = review_resources(generations(*old), generations(*new))
    assert review.status == 1
    assert f"the origin secret of <code>acme</code>, {line}" in review.comment


def test_generations_of_another_gateway_do_not_count(review_resources: ReviewResources) -> None:
    old = generations(1) | {"Other2": resource("AWS::SecretsManager::Secret", Name="other/origin/2")}
    new = {
        "Other2": resource("AWS::SecretsManager::Secret", Name="other/origin/2"),
        "Other3": resource("AWS::SecretsManager::Secret", Name="other/origin/3"),
    }
    assert review_resources(old, new).status == 1


def test_a_rotation_excuses_a_removal_but_not_a_move(review_resources: ReviewResources) -> None:
    """The old generation under another logical id: its name is taken while CloudFormation makes it anew."""
    moved = {"Moved1": secret(1)["Secret1"]}
    review = review_resources(generations(1, 2, 3), generations(2, 3, 4) | moved)
    assert review.status == 1
    assert "<code>Secret1</code> (<code>AWS::SecretsManager::Secret</code>), moved" in review.comment


def test_a_place_in_a_plan_that_names_itself_as_its_key_is_of_no_generation(review_resources: ReviewResources) -> None:
    place = resource("AWS::ApiGateway::UsagePlanKey", KeyId={"Ref": "Place"})
    assert review_resources({"Place": place}, {}).status == 1


CLIENT_KEY = {
    "ClientSecret": resource("AWS::SecretsManager::Secret", Name="acme/clients/app/default"),
    "ClientKey": resource(
        "AWS::ApiGateway::ApiKey", Value="{{resolve:secretsmanager:acme/clients/app/default:SecretString:::}}"
    ),
    "ClientPlace": resource("AWS::ApiGateway::UsagePlanKey", KeyId={"Ref": "ClientKey"}, UsagePlanId="plan"),
}


def test_a_rotation_excuses_no_revocation_and_one_line_tells_of_it(review_resources: ReviewResources) -> None:
    stays = {"Stays": resource("AWS::SecretsManager::Secret", Name="acme/clients/stays/default")}
    review = review_resources(generations(1, 2, 3) | CLIENT_KEY | stays, generations(2, 3, 4) | stays)
    assert review.status == 1
    assert review.comment.count("\n* ") == 1
    assert "client <code>app</code>, key <code>default</code>: refused once the API is deployed. Fin" in review.comment
    assert "gets a key of another name, such as `keys: [b]`" in review.comment


@pytest.mark.parametrize("lost", ["ClientKey", "ClientPlace"])
def test_a_key_that_goes_without_its_secret_is_told_as_it_is(lost: str, review_resources: ReviewResources) -> None:
    new = {name: value for name, value in CLIENT_KEY.items() if name != lost}
    review = review_resources(CLIENT_KEY, new)
    assert (review.status, review.comment.count("\n* ")) == (1, 1)
    assert f"<code>{lost}</code>" in review.comment


def test_a_removed_stack_needs_the_label_and_an_added_one_does_not(tmp_path: Path, run_review: RunReview) -> None:
    one = write_assembly(tmp_path / "one", {"api": {"Log": LOG_GROUP}})
    two = write_assembly(tmp_path / "two", {"api": {"Log": LOG_GROUP}, "edge": {"Log": LOG_GROUP}})
    added, removed = run_review(one, two), run_review(two, one)
    assert (added.status, removed.status) == (0, 1)
    assert "The stack is added; it has 1 resources.\n" in added.comment
    assert f"* <code>edge</code> (<code>us-east-1</code>): the whole stack, removed: {REMOVED_STACK}" in removed.comment


def test_a_stack_in_another_region_is_another_stack(tmp_path: Path, run_review: RunReview) -> None:
    here = write_assembly(tmp_path / "here", {"api": {}})
    there = write_assembly(tmp_path / "there", {"api": {}}, region="eu-west-1")
    assert run_review(here, there).status == 1


def test_the_label_accepts_and_still_shows_what_is_lost(tmp_path: Path, run_review: RunReview) -> None:
    old = write_assembly(tmp_path / "old", {"api": {"Log": LOG_GROUP}})
    new = write_assembly(tmp_path / "new", {"api": {}})
    review = run_review(old, new, "--labelled")
    assert review.status == 0
    assert "The label `replacement-ok` accepts that a deploy loses this:" in review.comment
    assert GUARDED["AWS::Logs::LogGroup"] in review.comment
