"""The engine as the KE REST API: paths, bodies, words, and what callers must show."""
