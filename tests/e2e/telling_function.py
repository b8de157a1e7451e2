"""A Lambda function whose answers have headers that tell too much, and others that the edge decides about."""

import json
from typing import Any, Final

from ml_gateway.local.stand_ins import define_function

NAME: Final = "telling"

HEADERS: Final = {
    "Content-Type": "application/json",
    "Server": "gunicorn/23.0.0",
    "X-Powered-By": "Flask",
    "X-Frame-Options": "ALLOWALL",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Credentials": "true",
    "x-gateway-region": "mars-north-1",
    "X-Model-Version": "7",
}

_CODE: Final = f"""
def handler(event, context):
    return {{"statusCode": 200, "headers": {json.dumps(HEADERS)}, "body": '{{"told": true}}'}}
"""


def define_telling_function(client: Any) -> None:
    """`client` is boto3's for Lambda."""
    define_function(client, NAME, {"handler.py": _CODE})
