"""Our own API: any list by one grammar, papers, and what readers do by their programs."""
