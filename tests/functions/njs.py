"""The edge function in njs, nginx's engine: nearly as bare as CloudFront's runtime, whose functions it takes unchanged.

njs 0.7.9 is Debian's. It lacks classes, `?.`, destructuring and more that Node has and CloudFront's guide does not
list ("JavaScript runtime 2.0 features"), so what runs in it needs none of that. It is no witness of CloudFront.
"""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from tests.functions.edge_runtime import Store
from tests.synthesis import Json

NJS: Final = shutil.which("njs")

_CLOUDFRONT: Final = """\
function get(key, options) {
    const store = globalThis.store;
    const text = store === 'fails' || !Object.keys(store).includes(key) ? undefined : store[key];
    if (text === undefined) {
        return Promise.reject(new Error('the store has no word for this'));
    }
    return Promise.resolve(options && options.format === 'json' ? JSON.parse(text) : text);
}
export default { kvs: () => ({ get: get }) };
"""
"""Stands for CloudFront's module, which njs lacks."""

_RUN: Final = """
Date.now = () => 1800000000000;
const asked = JSON.parse(%s);
const values = [];
function next(i) {
    if (i === asked.length) {
        require('fs').writeFileSync(%s, JSON.stringify(values));
        return;
    }
    globalThis.store = asked[i].store;
    Promise.resolve(handler(asked[i].event)).then(value => {
        values.push(value);
        next(i + 1);
    });
}
next(0);
"""
"""Into a file: of what it prints, njs keeps 2,048 characters a line."""


def handled_by_njs(code: str, asked: Sequence[tuple[Json, Store]]) -> list[Any]:
    """What one function gives for each event, with its store. Raises CalledProcessError where it throws."""
    with tempfile.TemporaryDirectory() as directory:
        script, values = Path(directory) / "run.js", Path(directory) / "values.json"
        events = json.dumps([{"event": event, "store": store} for event, store in asked])
        script.write_text(code + _RUN % (json.dumps(events), json.dumps(str(values))))
        (Path(directory) / "cloudfront").write_text(_CLOUDFRONT)
        command = [str(NJS), "-p", directory, str(script)]
        subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60, check=True)
        found: list[Any] = json.loads(values.read_text(encoding="utf-8"))
    assert len(found) == len(asked)
    return found
