"""Here is a notice; tell those who listen, once."""
