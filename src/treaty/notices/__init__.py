"""How we tell staff: in the page and by mail."""
