"""Talking: comments under papers, what is said to them, and what readers are told of."""
