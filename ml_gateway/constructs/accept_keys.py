"""The CloudFront Function that takes keys in the forms in which SDKs send them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from ml_gateway.credentials import API_KEY_HEADER, KEY_FORMS

SOURCE: Final = Path(__file__).parent.parent / "edge_functions" / "accept_keys.js"

EVERY_FORM: Final = 'const ACCEPTED = ["bearer", "api-key", "x-goog-api-key"];'
"""The line of the file that a definition replaces: unchanged, the file takes every form that there is."""


def define_accept_keys(scope: Construct, construct_id: str, *, accepted_keys: Sequence[str]) -> cloudfront.Function:
    """The function that turns `accepted_keys`, some of `KEY_FORMS`, into `x-api-key`."""
    return cloudfront.Function(
        scope,
        construct_id,
        code=cloudfront.FunctionCode.from_inline(render_accept_keys(accepted_keys)),
        runtime=cloudfront.FunctionRuntime.JS_2_0,
        comment=f"Turns keys that come as {', '.join(accepted_keys)} into {API_KEY_HEADER}",
    )


def render_accept_keys(accepted_keys: Sequence[str]) -> str:
    """The code of the function. `x-api-key` is taken whether it is listed or not: API Gateway reads it.

    Errors: a form that is not one of `KEY_FORMS`.
    """
    unknown = [form for form in accepted_keys if form not in KEY_FORMS]
    if unknown:
        raise ValueError(f"a key cannot be accepted as {unknown[0]!r}; choose from {', '.join(KEY_FORMS)}")
    translated = [form for form in KEY_FORMS if form in accepted_keys and form != API_KEY_HEADER]
    before, after = SOURCE.read_text().split(EVERY_FORM)
    return f"{before}const ACCEPTED = {json.dumps(translated)};{after}"
