"""Lambda functions for the local cloud."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any


def define_function(client: Any, name: str, code: Mapping[str, str]) -> None:
    """`client` is boto3's for Lambda, `code` the text of each file; `handler` in handler.py answers.

    MiniStack runs the function with the Python that it runs on itself.
    """
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        for file, text in code.items():
            zipped.writestr(file, text)
    client.create_function(
        FunctionName=name,
        Runtime="python3.11",
        Role="arn:aws:iam::000000000000:role/of-nobody",
        Handler="handler.handler",
        Code={"ZipFile": archive.getvalue()},
        Timeout=30,
    )
