"""Speed and size: the default gateway beside an empty app and with many models. `make bench` writes RESULTS.md."""
