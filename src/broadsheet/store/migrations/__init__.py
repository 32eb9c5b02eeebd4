"""The schema's history, oldest first in ``versions/``; never edited once released."""
