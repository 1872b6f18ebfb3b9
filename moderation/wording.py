"""What the audit's entries about a report, an application or a lost access say, in the
reader's language. The log itself keeps one word for each deed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from moderation.models import Report

DEEDS = {
    "viewed": _("Read"),
    "reported": _("Reported"),
    "report taken": _("Took it on"),
    "report added to": _("Added to the report"),
    "step noted": _("Noted a step"),
    "report decided: hide": _("Decided: hidden"),
    "report decided: suspend": _("Decided: suspended"),
    "report decided: act": _("Decided: something else was done"),
    "report decided: dismiss": _("Decided: left as it is"),
    "application saved": _("Saved a draft"),
    "application submitted": _("Handed in"),
    "application discarded": _("Discarded the draft"),
    "application withdrawn": _("Withdrew it"),
    "application taken": _("Took it to read"),
    "application ask": _("Asked a question"),
    "application replied": _("Answered the question"),
    "application appealed": _("Asked for a third person after a no"),
    "application approve": _("Said yes"),
    "application decline": _("Said no"),
    "referee named": _("Named somebody who can speak for them"),
    "referee taken back": _("Took back whom they had named"),
    "referee answered": _("Spoke for them"),
    "referee declined": _("Would rather not speak for them"),
    "invitation taken up": _("Began with an invitation"),
    "review yearly": _("Was asked whether they stay"),
    "review suspended": _("Suspended, so looked at again"),
    "review referral": _("Looked at again: who brought them in was removed"),
    "reconfirmation overdue": _("Had not answered in time"),
    "review lapsed": _("No longer needed"),
    "review stay": _("Said that they stay"),
    "review end": _("Said that it ends"),
    "membership confirmed": _("Said that they stay"),
    "check asked for": _("Asked for a safeguarding check"),
    "check taken back": _("Took the request back"),
    "check thread": _("Began to write with them"),
    "check yes": _("Said yes"),
    "check no": _("Said no"),
    "check over": _("Ended it"),
    "question proposed": _("Proposed a question"),
    "question agreed": _("Agreed to a question"),
    "question dropped": _("Took a question away"),
    "interview handed in": _("Handed in a sheet of a conversation"),
    "interview changed": _("Changed their sheet of a conversation"),
    "note added": _("Wrote a note"),
    "note taken back": _("Deleted a note"),
    "address turned away": _("Turned away the address"),
    "ban lifted": _("Lifted it"),
    "recovery begun": _("Began to ask for a new way in"),
    "recovery sent": _("Sent the words"),
    "recovery ask": _("Asked a question"),
    "recovery replied": _("Answered the question"),
    "recovery approve": _("Said yes"),
    "recovery decline": _("Said no"),
    "recovery stopped": _("Stopped it"),
    "recovery done": _("Let in again"),
    "recovery lapsed": _("Ran out"),
    "recovery refused": _("Said no"),
    "recovery forgotten": _("Removed what was only begun"),
    "recovery blanked": _("Blanked the words"),
}
WAITS = "waits to be read"
CONVERSATION = "for the sheet of a conversation"
IN_QUEUE = "in the queue: "


def deed(action: str) -> str:
    return str(DEEDS.get(action, action))


def why(reason: str) -> str:
    """What staff wrote stays as it is; what the site noted is translated."""
    if reason == WAITS:
        return str(_("It waits to be read"))
    if reason == CONVERSATION:
        return str(_("For their sheet of a conversation"))
    label = dict(Report.Reason.choices).get(reason.removeprefix(IN_QUEUE))
    if reason.startswith(IN_QUEUE) and label is not None:
        return str(_("In the queue: %(what)s") % {"what": label})
    return reason
