"""What `make` does before Perennial itself can run. Standard library only: the requirements are
installed from here."""
