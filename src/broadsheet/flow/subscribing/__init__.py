"""Who gets digests: signing up, changing what comes and when, and ending it."""
