"""Ask the shelf."""
