"""Speed and size: the default gateway beside the same gateway written in other ways. `make bench` writes RESULTS.md."""
