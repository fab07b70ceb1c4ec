"""The pages of deals: the board and the table, one deal, its moves, and conversations that lead to a next step."""
