"""The dossier (案卷) of a trade: everything that is known about it, read with a handful of statements."""
