"""What a browser may send to the registry's pages; forms clean, services decide."""
