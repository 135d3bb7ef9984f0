"""What the room of tables reads: the dictionary in force for recognising forms, and what is held to fill them."""
