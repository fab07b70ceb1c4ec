"""The WSGI callable that the web server serves."""

import os

from django.core.wsgi import get_wsgi_application

from treaty.kit.sqlite.base import DatabaseWrapper

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "treaty.settings")

DatabaseWrapper.writes_by_one = True
application = get_wsgi_application()
