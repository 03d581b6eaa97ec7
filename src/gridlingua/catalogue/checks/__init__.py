"""The checks: one module each, and nothing else; they are found by looking (``gridlingua.catalogue.checking``)."""
