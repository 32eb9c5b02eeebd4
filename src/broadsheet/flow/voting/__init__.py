"""Readers say what is worth reading, and papers stand in that order."""
