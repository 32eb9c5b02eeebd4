"""Records become papers, papers become findable."""
