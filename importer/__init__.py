"""rateport: carries a person's ratings out of other trackers into Simkl."""

__version__ = "0.1.0"
