"""Work on the account: compare, post, read back, verify, undo, back up, all of it journalled and resumable."""
