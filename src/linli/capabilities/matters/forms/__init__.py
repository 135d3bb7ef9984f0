"""What a browser may send to the entrances of matters."""
