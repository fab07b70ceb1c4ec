"""What stages and kinds of identity are called on pages."""

from django.utils.translation import gettext_lazy as _

from treaty.people.rules import Stage

STAGES = {
    Stage.SUBSCRIBER: _("Subscriber"),
    Stage.LEAD: _("Lead"),
    Stage.MQL: _("MQL"),
    Stage.SAL: _("SAL"),
    Stage.SQL: _("SQL"),
    Stage.OPPORTUNITY: _("Opportunity"),
    Stage.CUSTOMER: _("Customer"),
    Stage.PAST_CUSTOMER: _("Past customer"),
}
KINDS = {"email": _("Mail address"), "phone": _("Phone number"), "external": _("Key elsewhere")}
