"""The sizes of functions, of the gateways that they are told of."""

from bench.functions import FILES, measure_functions
from ml_gateway.rules.rollouts import MOST_BYTES_OF_A_FUNCTION


def test_functions_are_found_in_what_is_deployed() -> None:
    measured = {file: measure_functions(file) for file in FILES}
    assert {file: set(each.lambdas) for file, each in measured.items()} == {
        "gateway.yaml": set(),
        "examples/complete.yaml": set(),
        "examples/identities.yaml": {"authorizer"},
        "examples/rollouts.yaml": {"authorizer", "overrides"},
    }
    sizes = [each.edge for each in measured.values()]
    assert min(sizes) == measured["gateway.yaml"].edge > 1000
    assert max(sizes) < MOST_BYTES_OF_A_FUNCTION
    # jose is in it; a signer is in the other.
    assert measured["examples/identities.yaml"].lambdas["authorizer"] > 50_000
    assert measured["examples/rollouts.yaml"].lambdas["overrides"] > 100_000
