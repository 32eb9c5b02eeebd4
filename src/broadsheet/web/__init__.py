"""The web door: a house as pages for readers. Server-rendered, without scripts, without any third party."""
