"""What `make demo` shows: claims about a gateway in the local cloud, each observed."""
