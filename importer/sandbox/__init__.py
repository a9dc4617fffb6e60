"""The stand-in for Simkl: a Flask app over a small SQLite account, in process or on loopback."""
