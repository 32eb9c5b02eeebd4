"""One adapter a file: what to ask a live source, and what its answers lead to."""
