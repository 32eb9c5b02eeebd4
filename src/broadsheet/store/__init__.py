"""Here is a paper, keep it; here are ids, give me papers. All SQL lives here."""
