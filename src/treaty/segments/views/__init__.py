"""The pages of segments: reading them, and making one out of boxes."""

from treaty.segments.views.making import change, count, new
from treaty.segments.views.reading import removal, segment, segments

__all__ = ["change", "count", "new", "removal", "segment", "segments"]
