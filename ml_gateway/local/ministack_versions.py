"""What MiniStack 1.5.33 lacks for a gateway whose edge picks a version of a model.

Our reading of the page that it names, and no witness of what AWS does.

* `with_store`: its function runtime refuses `import cf from 'cloudfront'`. Here the function reads the store that it is
  associated with, as it is when the function runs. CloudFront Developer Guide, "Helper methods for key value stores".

Kinder than AWS all the same: a change of the store is seen at once, by every request.
"""

import json
from collections.abc import Callable
from typing import Any, Final

from ministack.services import cloudfront, cloudfront_keyvaluestore

Json = dict[str, Any]

_IMPORT: Final = "import cf from 'cloudfront';"

# Of the helpers, `get` alone, which is what the gateway's function asks.
_STORE: Final = """const cf = {{ kvs: () => ({{ get: async (key, options) => {{
    const items = {items};
    if (!Object.keys(items).includes(key)) {{ throw new Error('no such key'); }}
    return options && options.format === 'json' ? JSON.parse(items[key]) : items[key];
}} }}) }};
"""


def with_store(usual: Callable[..., Any]) -> Callable[..., Any]:
    """`usual` runs the code of a function on an event."""

    def evaluate(code: bytes, event: Json) -> Any:
        text = code.decode()
        if text.startswith(_IMPORT):
            text = _STORE.format(items=json.dumps(_items_of(code))) + text.removeprefix(_IMPORT)
        return usual(text.encode(), event)

    return evaluate


def _items_of(code: bytes) -> dict[str, str]:
    """What is in the store of the function with that code. Two functions with one code have one store here."""
    for function in cloudfront._functions.values():
        live = cloudfront.live_function_code(function["arn"])
        if live == code and function["kvs_arns"]:
            store = cloudfront_keyvaluestore._stores.get(function["kvs_arns"][0], {})
            return dict(store.get("items", {}))
    return {}


def mend() -> None:
    cloudfront.cloudfront_js.evaluate = with_store(cloudfront.cloudfront_js.evaluate)
