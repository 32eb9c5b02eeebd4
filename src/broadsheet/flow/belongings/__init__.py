"""What belongs to whom: a reader's own to take along or have deleted, and the whole house to carry elsewhere."""
