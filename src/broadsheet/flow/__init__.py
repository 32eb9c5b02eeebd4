"""What a reader or operator wants done: one verb per file, no HTTP, no SQL."""
