"""The types of single settings: how the file writes them, and their bounds."""
