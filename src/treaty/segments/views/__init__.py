"""The pages of segments: reading them, and making one out of boxes."""

from treaty.segments.views.making import change, count, new
from treaty.segments.views.reading import removal, segment, segments
from treaty.segments.views.versions import restoration, versions

__all__ = ["change", "count", "new", "removal", "restoration", "segment", "segments", "versions"]
