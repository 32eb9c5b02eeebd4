"""Here are bytes; which records are in them? Parsing never fails: what cannot be read is a problem."""
