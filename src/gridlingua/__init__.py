"""A distribution system operator speaks with the energy market in several languages at once."""

__version__ = "0.3.0"
