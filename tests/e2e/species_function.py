"""The function of examples/lambda_model, put into the local cloud as its owner would: published, with an alias."""

import io
import zipfile
from typing import Any, Final

from tests.synthesis import TOP

FOLDER: Final = TOP / "examples" / "lambda_model" / "function"
NAME: Final = "iris-species"


def define_species_function(client: Any) -> None:
    """`client` is boto3's for Lambda. MiniStack runs the function with the Python that it runs on itself."""
    client.create_function(
        FunctionName=NAME,
        Runtime="python3.11",
        Role="arn:aws:iam::000000000000:role/of-nobody",
        Handler="handler.handler",
        Code={"ZipFile": _zipped()},
        Timeout=30,
    )
    version = client.publish_version(FunctionName=NAME)["Version"]
    client.create_alias(FunctionName=NAME, Name="live", FunctionVersion=version)
    # Whoever calls the function without its alias gets an error.
    client.update_function_configuration(FunctionName=NAME, Handler="handler.not_published_yet")


def _zipped() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        for file in (FOLDER / "handler.py", FOLDER / "model.json"):
            zipped.write(file, file.name)
    return archive.getvalue()
