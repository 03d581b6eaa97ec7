"""What runs of pytest within a test must find imported already."""

# pySHACL brings importlib_metadata, which puts itself in the place of the standard library's finder; pytester takes
# away what was first imported in a run of its own, and nobody would find any distribution then.
import pyshacl  # noqa: F401
