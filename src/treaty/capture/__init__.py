"""How strangers arrive: forms and touches from outside."""
