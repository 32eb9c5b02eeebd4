"""The door for programs that read lists: feeds, and files for reference managers, under the address of each page."""
