"""The doors for programs: JSON by HTTP."""
