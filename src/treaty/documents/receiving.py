"""How uploads of documents come in: a file that is too large is dropped on the way, and the others go on."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest


class Limited(FileUploadHandler):
    """Stands before Django's own handlers; other uploads, such as those of imports, pass."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Another file begins."""
        super().new_file(*args, **kwargs)
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Hand the bytes on, unless there were too many: a form goes on without the file, a call ends.

        Raises SkipFile and RequestDataTooBig.
        """
        request: Any = self.request
        self.seen += len(raw_data)
        if str(self.field_name).startswith("own_"):
            # So much comes in that whoever keeps it sees it is too large, and no more.
            return None if self.seen - len(raw_data) > settings.DOCUMENT_BYTES else raw_data
        if request.path.endswith("/documents") and self.seen > settings.DOCUMENT_BYTES:
            if request.path.startswith("/api/"):
                raise RequestDataTooBig("A document is too large.")
            request.too_large = [*too_large(request), str(self.file_name)]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers behind keep the file."""
        return


def too_large(request: HttpRequest) -> list[str]:
    """The names of files that were dropped on the way."""
    return list(getattr(request, "too_large", ()))
