"""What other sites show of a paper: a badge, a card in a frame, a picture for previews, and how to find them."""
