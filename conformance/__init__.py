"""A second opinion: the API stack in LocalStack, which honours what the emulator of the local cloud ignores."""
