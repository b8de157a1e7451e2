"""Load and validate one file, without the CDK: `python -m bench.load_file FILE` prints what is wrong with it."""

import sys
from pathlib import Path

from ml_gateway import ConfigError, load_config


def main(path: Path) -> None:
    try:
        load_config(path)
    except ConfigError as error:
        print(str(error).replace(f"{path}:", ""))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
