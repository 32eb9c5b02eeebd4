"""Here is a paper; how is it cited? Pure writers of what reference managers read, and nothing that reads."""
