"""Other systems hear of facts: signed messages by HTTP to endpoints that people name."""
