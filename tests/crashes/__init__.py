"""Kills a whole command at one point after the other, runs it again, and tells whether anything differs.

`python -m tests.crashes WHAT FOLDER ...` forks, so it is a process of its own. Per point there are three more: a
stand-in behind a real socket, the client that is killed, and the client that goes on.
"""
