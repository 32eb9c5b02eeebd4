"""Lists of papers by one name, for every door."""
