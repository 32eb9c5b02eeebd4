"""The objects of Hugging Face's papers API and how ours become them: the only place that knows their field names.

What its clients read from where is told in docs/api_hugging_face.md. An object has every field that clients demand,
empty where nothing is known, and others only when there is something to say: null is in none of them.
"""
