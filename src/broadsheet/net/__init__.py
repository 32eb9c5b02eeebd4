"""Whom may we connect to, and how much may they say? Every connection this house opens to others goes through here."""
