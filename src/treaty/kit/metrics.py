"""Figures for Prometheus: how the installation works and whether it is well; nothing says who anybody is.

docs/decisions/0017 says why all of them come from rows and none from the memory of a process.
"""

import shutil
from collections.abc import Iterator, Mapping
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from treaty.kit import nouns, queries

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
"""A request with one of these came through a proxy, whoever sent it."""


class Gauges:
    """Reads every figure at each asking."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The kit's own figures, then those that the nouns offer as `gauges`."""
        yield from work()
        free = shutil.disk_usage(settings.HOME).free
        yield gauge("treaty_disk_free_bytes", "Room left on the disk of TREATY_HOME.", {"": free})
        for _noun, gauges in nouns.offered("queries", "gauges"):
            for name, meaning, label, values in gauges():
                yield gauge(name, meaning, values, label)


def work() -> Iterator[GaugeMetricFamily]:
    """Worker, jobs, recurring work, and whether what goes out is held."""
    now, beat, ticks = timezone.now(), queries.worker_beat(), queries.ticks()
    age = float("nan") if beat is None else (now - beat).total_seconds()
    yield gauge("treaty_worker_silent_seconds", "Since the worker's last sign of life.", {"": age})
    yield gauge("treaty_jobs", "Jobs by state.", queries.jobs_by_state(), "state")
    yield gauge(
        "treaty_held", "1 while mail, webhooks and jobs are held after a restore.", {"": queries.is_held()}
    )
    late = {tick.name: max(0.0, (now - tick.due_at).total_seconds()) for tick in ticks}
    yield gauge("treaty_recurring_late_seconds", "How long recurring work is overdue.", late, "work")
    took = {tick.name: tick.seconds for tick in ticks if tick.seconds is not None}
    yield gauge("treaty_recurring_took_seconds", "How long its last turn took.", took, "work")
    broken = {tick.name: bool(tick.error) for tick in ticks}
    yield gauge("treaty_recurring_broken", "1 where its last turn failed.", broken, "work")


def gauge(name: str, meaning: str, values: Mapping[str, float], label: str = "") -> GaugeMetricFamily:
    """One figure, or one for each value of a label."""
    family = GaugeMetricFamily(name, meaning, labels=[label] if label else [])
    for key, value in values.items():
        family.add_metric([key] if label else [], float(value))
    return family


def text() -> bytes:
    """All figures in Prometheus' text form."""
    registry = CollectorRegistry()
    registry.register(Gauges())
    return generate_latest(registry)


def may_read(request: HttpRequest) -> bool:
    """Whether somebody may: who holds the token, or this machine itself without a proxy between."""
    kind, _space, given = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and kind == "Bearer":
        return constant_time_compare(given, settings.METRICS_TOKEN)
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
