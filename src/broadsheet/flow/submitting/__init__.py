"""Papers that readers bring in: asked for, found out about, put on a daily page, or withdrawn."""
