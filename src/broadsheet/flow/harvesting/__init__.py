"""Papers arrive by themselves."""
