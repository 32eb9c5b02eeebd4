"""Here are texts; where do they lie? Vectors of unit length, near one another where the texts are on one topic."""
