"""rateport: carries a person's ratings out of other trackers into Simkl."""

__distribution__ = "rateport"  # `adapters` says the same: so a package of another that took its place is noticed
__version__ = "0.1.0"
