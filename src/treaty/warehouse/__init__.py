"""The warehouse: what happened and how things stand as a lake of columns, for questions about everybody."""
