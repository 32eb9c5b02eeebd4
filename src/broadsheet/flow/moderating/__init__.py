"""What moderators do: look at what waits and decide. Each act has a reason and stands in a log for all to read."""
