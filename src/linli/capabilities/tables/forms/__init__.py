"""What a browser may send to the room."""
