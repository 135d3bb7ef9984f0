"""What the room of tables reads: the dictionary in force for recognising forms, what is held to fill them, ledgers."""
