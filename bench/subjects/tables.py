"""The long lists of the default gateway, as literal data. All subjects by hand read them, the one in TypeScript too."""

import json
from pathlib import Path
from typing import Any, Final

TABLES: Final[dict[str, Any]] = json.loads(Path(__file__).with_name("tables.json").read_text())
