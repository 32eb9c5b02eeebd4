"""Here are scores; in what order, and why? Pure maths: numbers in, numbers out, every constant with its source."""
