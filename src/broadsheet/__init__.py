"""Broadsheet: the open, self-hosted Daily Papers."""
