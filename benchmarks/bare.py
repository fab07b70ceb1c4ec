"""A page that does nothing but write one row and commit it, served as Treaty is: what a call may cost at the least.

Started by benchmarks/api.py, which asks it in the same run; the table is there already.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "treaty.settings")
django.setup()

from django.conf import settings  # noqa: E402  after its setup
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402


@csrf_exempt
def write(request: HttpRequest) -> HttpResponse:
    """Write what was sent; Django commits it by itself."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_commit (told) VALUES (%s)", [request.body.decode()])
    return HttpResponse(b"{}", status=201, content_type="application/json", headers={"Content-Length": "2"})


urlpatterns = [path("bare", write)]
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = []
settings.ALLOWED_HOSTS = ["localhost"]
application = WSGIHandler()
