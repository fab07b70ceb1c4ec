"""The rows of embeddable forms."""

from django.db import models


class Form(models.Model):
    """A form on somebody's web page. `fields` is a list of {name, label, kind, required}.

    `consents` are the ids of the purposes it asks for, each with a box that nobody has ticked.
    """

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    fields = models.JSONField()
    thanks = models.CharField(max_length=400)
    redirect_to = models.CharField(max_length=400, blank=True)
    origins = models.JSONField(default=list)
    consents = models.JSONField(default=list)
    channel = models.CharField(max_length=60, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
