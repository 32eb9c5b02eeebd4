"""The papers API of Hugging Face, so that its clients work here unchanged."""
