"""How we write: transactional mail, kept until it is sent."""
