"""What models are really sent, which every web ACL lets pass: data for all tests of web ACLs."""

import json
import random
import re
import struct
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.documents import operations_of
from tests.synthesis import Json
from tests.waf.callers import KEY, call
from tests.waf.requests import Request

MEGABYTE: Final = 1024 * 1024
_NOISE: Final = random.Random(20_260_101)
"""Bytes that are the same in each run."""

PAGE: Final = """Why does this page alert twice? <html><script src="https://cdn.example.com/a.js"></script>
<img src=x onerror=alert(1)><a href="javascript:void(0)">x</a></html>"""
CODE: Final = r"""Review: open("../../etc/passwd"); os.system(f"rm -rf {path}"); SELECT * FROM t WHERE 'a'='a' -- ;
#include <stdio.h>
int main(){ char *p = "%s%n"; system("cat C:\\boot.ini ; ls ..\\..\\"); } <?php eval($_POST[0]); ?>"""
ADDRESSES: Final = """Summarise http://192.0.2.10/report.txt and file:///var/log/syslog; what is at
http://169.254.169.254/latest/meta-data/iam? Then ftp://203.0.113.9/a.log"""
OTHER_SCRIPTS: Final = "Übersetze: 今日は、世界。 مرحبا بالعالم 🙂 \u202eevil\u202c \x00 \ufeff"


def chat(prompt: str, **settings: Any) -> bytes:
    return json.dumps({"model": "llama", "messages": [{"role": "user", "content": prompt}], **settings}).encode()


def tensor(*shape: int) -> bytes:
    size = 1
    for each in shape:
        size *= each
    values = [round(_NOISE.gauss(0, 1), 4) for _ in range(size)]
    return json.dumps({"inputs": [{"name": "x", "shape": shape, "datatype": "FP32", "data": values}]}).encode()


def binary_tensor() -> tuple[bytes, int]:
    """The Open Inference Protocol's binary form: JSON, then the numbers as they are. And the length of the JSON."""
    head = json.dumps({"inputs": [{"name": "x", "shape": [256, 256], "datatype": "FP32",
                                   "parameters": {"binary_data_size": 262_144}}]}).encode()  # fmt: skip
    return head + b"".join(struct.pack("<f", _NOISE.random()) for _ in range(256 * 256)), len(head)


def upload(kind: str, content: bytes) -> bytes:
    """A form with one file, as SDKs send one."""
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="../a.log"\r\nContent-Type: {kind}\r\n\r\n'
    return head.encode() + content + b"\r\n--x--\r\n"


BINARY, HEAD = binary_tensor()

TRAFFIC: Final[Mapping[str, Request]] = {
    "a short prompt": call(body=chat("hello")),
    "a prompt with markup": call(body=chat(PAGE)),
    "a prompt with code": call(body=chat(CODE)),
    "a prompt with addresses": call(body=chat(ADDRESSES)),
    "a prompt in other scripts": call(body=chat(OTHER_SCRIPTS)),
    "a prompt of 200 KB": call(body=chat((PAGE + CODE + ADDRESSES) * 400)),
    "a tool's schema": call(body=chat("x", tools=[{"type": "function", "function": {"name": "f", "strict": True}}])),
    "an image in a prompt": call(body=chat("data:image/png;base64," + "iVBORw0KGgo" * 50_000)),
    "a batch of texts to embed": call("/embed/v1/embeddings", body=json.dumps({"input": [PAGE] * 512}).encode()),
    "flowers": call("/predict", body=b'{"instances": [[5.1, 3.5, 1.4, 0.2]]}'),
    "a row of CSV": call("/fraud", body=b"5.1,3.5,1.4,0.2\n", content_type="text/csv"),
    "a tensor": call("/iris/v2/models/iris/infer", body=tensor(64, 128)),
    "a binary tensor": call(
        "/iris/v2/models/iris-1.0/infer", body=BINARY, content_type="application/octet-stream",
        inference_header_content_length=str(HEAD),
    ),
    "raw bytes of 6 MB": call("/vision", body=_NOISE.randbytes(6 * MEGABYTE), content_type="application/x-npy"),
    "a recording of 9 MB": call(
        "/whisper/v1/audio/transcriptions", body=upload("audio/wav", _NOISE.randbytes(9 * MEGABYTE)),
        content_type="multipart/form-data; boundary=x",
    ),
    "a list of models": call("/llama/v1/models", method="GET", body=b""),
    "a model with dots in its name": call("/llama/v1/models/meta-llama/Llama-3.1-8B", method="GET", body=b""),
    "a verb behind a colon": call("/tf/v1/models/half_plus_two:predict"),
    "an Azure client": call(query="api-version=2024-10-21", api_key=KEY, authorization=None),
    "a Google client": call(x_goog_api_key=KEY, authorization=None),
    "an Anthropic client": call("/claude/v1/messages", x_api_key=KEY, authorization=None),
    "a question in a query": call("/search", method="GET", body=b"", query="q=caf%C3%A9+%26+co&limit=10"),
    "a browser's preflight": call(method="OPTIONS", body=b"", authorization=None, origin="https://app.acme.com",
                                  access_control_request_method="POST"),
    "a health check": call("/health", method="GET", body=b"", authorization=None),
    "a program without a name": call(user_agent=None),
    "an allowed address of IPv6": call(address="2001:db8:1::5"),
    "no body": call("/predict", body=b""),
}  # fmt: skip


def traffic_of(api: Json) -> Iterator[tuple[str, Request]]:
    """A request for each operation of an API: no managed rule may take one of its paths for something else."""
    for operation in operations_of(api):
        method, path = operation.split()
        yield operation, call(re.sub(r"\{[^}]+\}", "Llama-3.1-8B.v2", path), method=method)
