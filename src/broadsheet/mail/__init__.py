"""Here is a mail; deliver it once."""
