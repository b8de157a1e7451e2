"""`python -m ml_gateway.cli`: the command, where no script of that name is on the path."""

from ml_gateway.cli import main

if __name__ == "__main__":
    main()
