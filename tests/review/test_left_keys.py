"""A log group that leaves a key of its owner's: lines from before need that key."""

import pytest

from ml_gateway.review.guards import LEFT_A_KEY
from tests.files import KMS_KEY
from tests.review.assemblies import resource
from tests.review.conftest import ReviewResources
from tests.synthesis import Json


@pytest.mark.parametrize(
    ("before", "after", "guarded"),
    [
        (None, KMS_KEY, False),
        (KMS_KEY, KMS_KEY.replace("12345678-", "87654321-"), True),
        (KMS_KEY, None, True),
        (KMS_KEY, KMS_KEY, False),
    ],
    ids=["comes", "changes", "goes", "stays"],
)
def test_a_log_group_that_leaves_a_key_needs_the_label(
    before: str | None, after: str | None, guarded: bool, review_resources: ReviewResources
) -> None:
    def log(key: str | None) -> Json:
        return {"Log": resource("AWS::Logs::LogGroup", RetentionInDays=7, **({"KmsKeyId": key} if key else {}))}

    review = review_resources(log(before), log(after))
    assert (review.status == 1) is guarded
    assert (LEFT_A_KEY in review.comment) is guarded
