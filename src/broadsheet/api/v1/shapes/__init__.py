"""The objects of our own API and how ours become them; fields are named as in the model, and what is not known is null.

Times are of ISO 8601 in UTC with Z, days ``2026-03-06``, addresses of ours begin with a slash.
"""
