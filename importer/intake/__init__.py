"""From what a person names on the command line to identified documents: reading, decoding, identifying."""
