"""Tools that judge the code; nothing that runs imports them."""
