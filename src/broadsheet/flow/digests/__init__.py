"""What stands in a digest: what is new of somebody's lists, each paper once."""
