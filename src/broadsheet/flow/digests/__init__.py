"""Digests: who gets them, what stands in them, and that each arrives once."""
