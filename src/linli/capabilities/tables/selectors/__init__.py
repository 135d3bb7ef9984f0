"""What the room of tables reads: the dictionary in force, what is held to fill forms, ledgers, sheets and gaps."""
