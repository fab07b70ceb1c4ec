"""The REST API of deals; each file adds its addresses to one router."""

from treaty.deals.api import batches, deals
from treaty.deals.api.door import router

__all__ = ["batches", "deals", "router"]
