"""The one spelling of headers behind the edge."""

import pytest

from ml_gateway.headers import spelled


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("x-api-key", "X-Api-Key"),
        ("X-Amzn-SageMaker-Target-Model", "X-Amzn-Sagemaker-Target-Model"),
        ("AUTHORIZATION", "Authorization"),
        ("accept", "Accept"),
        ("x_trace_id", "X_trace_id"),
        ("x-3d-model", "X-3d-Model"),
    ],
)
def test_each_word_begins_with_a_capital(sent: str, expected: str) -> None:
    assert spelled(sent) == expected


def test_the_spelling_stays_as_it_is() -> None:
    assert spelled(spelled("x-amzn-SAGEMAKER-session-id")) == "X-Amzn-Sagemaker-Session-Id"
