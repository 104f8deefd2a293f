"""Tables that come and go as CSV: how a file is read, what its columns mean, how a cell becomes a value and back."""
