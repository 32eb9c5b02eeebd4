"""What programs ask for that look at the site as a whole: where pages are, which to leave alone, how to search."""
