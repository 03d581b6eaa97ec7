"""One module per format; nothing else is here."""
