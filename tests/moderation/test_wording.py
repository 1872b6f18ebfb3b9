"""What staff read of who did and saw what."""

from __future__ import annotations

import re
from pathlib import Path

from django.utils import translation

from moderation import wording
from moderation.actions.decisions import Outcome
from moderation.models import Report
from moderation.models.recovery import RecoveryState
from profiles.models import Decision, Referee, ReviewReason

ROOT = Path(__file__).parents[2]
SPOKEN = (Referee.State.ANSWERED, Referee.State.DECLINED)
ENDS = (RecoveryState.LAPSED, RecoveryState.REFUSED)


def test_every_deed_on_a_file_has_its_words() -> None:
    written = set()
    for path in [
        *(ROOT / "moderation").rglob("*.py"),
        ROOT / "profiles/actions/joining.py",
        ROOT / "profiles/actions/vouching.py",
        ROOT / "profiles/actions/reviews.py",
        ROOT / "profiles/actions/staying.py",
    ]:
        written |= set(re.findall(r'action="([^"]+)"', path.read_text()))
    # of the profile
    written -= {"member admitted", "suspended", "reinstated"}
    written -= {"canary made", "canary removed", "append"}  # of a command
    written |= {f"report decided: {outcome}" for outcome in Outcome.values}
    written |= {f"application {answer}" for answer in Decision.Answer.values}
    written |= {f"recovery {answer}" for answer in Decision.Answer.values}
    written |= {f"recovery {state.value}" for state in ENDS}
    written |= {f"referee {state.value}" for state in SPOKEN}
    written |= {"invitation taken up", "review stay", "review end"}
    written |= {"check yes", "check no"}
    written |= {f"review {reason.value}" for reason in ReviewReason}
    assert written | {"viewed"} == set(wording.DEEDS)


def test_they_are_read_in_the_language_of_the_reader() -> None:
    with translation.override("de"):
        assert wording.deed("report taken") != "report taken"
        assert wording.deed("report taken") != str(wording.DEEDS["viewed"])
        assert wording.why(wording.WAITS) not in {wording.WAITS, "It waits to be read"}
        danger = wording.why(f"{wording.IN_QUEUE}{Report.Reason.DANGER.value}")
        assert str(Report.Reason.DANGER.label) in danger
    assert wording.why("My own words.") == "My own words."
