"""Who is here: accounts, how they are come by and how they are proved."""
