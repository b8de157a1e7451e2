"""What an example of a release meets with today's version, each beside the words of CHANGELOG.md that say so."""

from collections.abc import Mapping
from typing import Any, Final

_BASE_URLS: Final = (
    "A backend's `url` is the base URL that the protocol's own clients take: for `openai` with its version"
)

REFUSED: Final[Mapping[str, Mapping[str, tuple[str, Mapping[str, Any]]]]] = {
    "0.2.0": {
        "complete": (_BASE_URLS, {"models.llama.url": "https://llama.example.com/v1"}),
        "multi_tenant": (
            _BASE_URLS,
            {"backends.llama.url": "https://llama.example.com/v1", "models.embed.url": "https://embed.example.com/v1"},
        ),
    }
}
"""Version -> example whose file is no longer taken -> what is said of it, and what to write instead at which place."""

LOST: Final[Mapping[str, Mapping[str, str]]] = {
    "0.2.0": {
        "errors: 18 of the API's own answers get another status or body, by which clients tell them": (
            "`errors: openai` is read by Anthropic's SDK, too: `type` has its words"
        ),
        "ApiPermissionsallmlapiApiBackendslanguageFunctionB84CFDB3EDEDEBC8 (AWS::Lambda::Permission), "
        "moved: will be replaced": "one with a function a permission of another logical id",
        "DistributionResponseHeadersB661586E (AWS::CloudFront::ResponseHeadersPolicy), removed": (
            "So such a gateway gets another response headers policy with the next deploy."
        ),
    }
}
"""Version -> what is replaced, removed or no longer said -> what is said of it."""
