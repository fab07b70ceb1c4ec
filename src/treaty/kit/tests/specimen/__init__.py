"""A page of every component in every state, served to browser tests and to whoever wants to look at them."""
