"""Documents made from the Structs and streams: JSON Schema, examples, AsyncAPI, a page for people.

Nothing of this is imported by a running service.
"""
