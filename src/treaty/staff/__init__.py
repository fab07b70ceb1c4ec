"""Those who work here: users, teams, roles, working hours, audit."""
