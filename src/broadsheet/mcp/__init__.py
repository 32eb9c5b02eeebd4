"""The door for agents: the Model Context Protocol over the standard streams of a process, and over HTTP at ``/mcp``."""
