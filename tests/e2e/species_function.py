"""The function of examples/lambda_model, put into the local cloud as its owner would: published, with an alias."""

from typing import Any, Final

from ml_gateway.local.stand_ins import define_function
from tests.synthesis import TOP

FOLDER: Final = TOP / "examples" / "lambda_model" / "function"
NAME: Final = "iris-species"


def define_species_function(client: Any) -> None:
    """`client` is boto3's for Lambda."""
    define_function(client, NAME, {name: (FOLDER / name).read_text() for name in ("handler.py", "model.json")})
    version = client.publish_version(FunctionName=NAME)["Version"]
    client.create_alias(FunctionName=NAME, Name="live", FunctionVersion=version)
    # Whoever calls the function without its alias gets an error.
    client.update_function_configuration(FunctionName=NAME, Handler="handler.not_published_yet")
