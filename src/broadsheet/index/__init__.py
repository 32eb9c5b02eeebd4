"""Here is a text; which papers are near? Derived from the store and rebuildable at any time."""
