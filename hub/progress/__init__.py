"""How trades move on: what follows from a dossier is decided, written down, and goes out."""
