"""People: authors and whom they are claimed by, organisations and their members, and following all of them."""
