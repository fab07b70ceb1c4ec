"""The pure meaning of a handover: its clocks, who is offered it, and what a return does."""
