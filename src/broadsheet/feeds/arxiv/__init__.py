"""Answer programs that ask arXiv's query API (info.arxiv.org/help/api/user-manual) from the papers here."""
