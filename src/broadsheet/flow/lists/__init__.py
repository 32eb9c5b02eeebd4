"""What a reader keeps: labels with papers and notes, what is read or put off, and lists from elsewhere."""
