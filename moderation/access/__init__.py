"""Who may report what, and which matter of others staff may open.

A moderator sees what was reported as it was kept, and no way into the conversation,
profile or draft that it comes from. Nobody decides about themselves."""

from moderation.access.checks import (
    check_for_vetter,
    check_may_say,
    checks_for,
    own_checks,
)
from moderation.access.questions import (
    joining_question,
    joining_questions,
    proposed_question,
)
from moderation.access.recovery import (
    LOST_ACCESS,
    STOP_RECOVERY,
    may_recover,
    others_asking,
    own_recovery,
    recoveries_for,
    recovery_by_link,
    recovery_for_vetter,
    recovery_to_stop,
)
from moderation.access.reports import (
    NAMELESS,
    own_reports,
    report_for_moderator,
    reported_thing,
    reports_for,
)
from moderation.access.reviews import review_for_vetter, reviews_for
from moderation.access.staff import moderator, person_on_staff, vetter
from moderation.access.things import (
    BETWEEN_PEOPLE,
    Thing,
    blockable_author,
    has_blocked,
    one_spelling,
    thing_for_reader,
    thing_for_viewer,
)
from moderation.access.vetting import (
    DECIDED,
    application_for_log,
    application_for_vetter,
    application_states,
    application_to_take,
    applications_for,
    ban_to_lift,
    bans_for,
    declined_application,
    own_application,
)

__all__ = [
    "BETWEEN_PEOPLE",
    "DECIDED",
    "LOST_ACCESS",
    "NAMELESS",
    "STOP_RECOVERY",
    "Thing",
    "application_for_log",
    "application_for_vetter",
    "application_states",
    "application_to_take",
    "applications_for",
    "ban_to_lift",
    "bans_for",
    "blockable_author",
    "check_for_vetter",
    "check_may_say",
    "checks_for",
    "declined_application",
    "has_blocked",
    "joining_question",
    "joining_questions",
    "may_recover",
    "moderator",
    "one_spelling",
    "others_asking",
    "own_application",
    "own_checks",
    "own_recovery",
    "own_reports",
    "person_on_staff",
    "proposed_question",
    "recoveries_for",
    "recovery_by_link",
    "recovery_for_vetter",
    "recovery_to_stop",
    "report_for_moderator",
    "reported_thing",
    "reports_for",
    "review_for_vetter",
    "reviews_for",
    "thing_for_reader",
    "thing_for_viewer",
    "vetter",
]
