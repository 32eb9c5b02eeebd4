"""The door for programs: the JSON API of Hugging Face Papers, so that their clients work here unchanged."""
