"""What is under way, said on a console: where the line can be changed also how long it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape


@contextmanager
def step(console: Console, title: str) -> Iterator[None]:
    """Say `title` while the block runs."""
    if not console.is_terminal:
        console.print(f"{title} ...", markup=False)
        yield
        return
    started = time.monotonic()
    with console.status(escape(title)):
        yield
    console.print(f"{title}: {time.monotonic() - started:.1f} s", markup=False)
