"""One module per source. How to add one: README.md beside this file."""

__distribution__ = "rateport"
