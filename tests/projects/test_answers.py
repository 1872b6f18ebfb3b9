from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from network import mailed_links, notify, outbox
from network.access import NotFound, Refused
from network.models import Lane, Notice, OutboxEntry, OutgoingMail, User
from profiles.access import LINK_PURPOSE
from profiles.models import Block, ContactGrant, Profile, VolunteerRegistration
from projects import queries
from projects.actions import answers
from projects.models import Answer, Engagement, Need, Project
from tests.cast import Cast, client_of
from tests.projects.conftest import SECRET_PLACE, make_need, make_registration

pytestmark = pytest.mark.django_db


def load_of(person: User) -> int:
    return Profile.objects.get(user=person).load


def test_both_yeses_open_contact_take_a_seat_and_add_to_the_load(
    cast: Cast, need: Need, invitation: Answer
) -> None:
    last = OutboxEntry.objects.order_by("-seq").values_list("seq", flat=True)[0]
    engagement = answers.accept(answer=invitation, by=cast.stranger)
    grant = ContactGrant.objects.get(source=engagement.pk)
    assert (grant.kind, grant.person, grant.other_person) == (
        ContactGrant.Kind.ENGAGEMENT,
        cast.lead,
        cast.stranger,
    )
    need.refresh_from_db()
    assert (need.seats_filled, need.state) == (1, Need.State.FILLED)
    assert load_of(cast.stranger) == 1
    lines = {(each.kind, each.key) for each in OutboxEntry.objects.filter(seq__gt=last)}
    assert {
        ("grant", str(grant.pk)),
        ("need", str(need.pk)),
        ("person", str(cast.stranger.pk)),
    } <= lines


def test_a_second_yes_changes_nothing(cast: Cast, invitation: Answer) -> None:
    first = answers.accept(answer=invitation, by=cast.stranger)
    again = answers.accept(answer=invitation, by=cast.stranger)
    assert first == again
    assert Engagement.objects.count() == ContactGrant.objects.count() == 1
    assert load_of(cast.stranger) == 1


def test_nobody_says_the_other_ones_yes(
    cast: Cast, need: Need, invitation: Answer
) -> None:
    with pytest.raises(Refused):
        answers.accept(answer=invitation, by=cast.lead)
    offer = answers.apply(need=need, by=cast.former)
    with pytest.raises(Refused):
        answers.accept(answer=offer, by=cast.former)
    assert Engagement.objects.count() == 0


def test_the_last_seat_is_given_once(cast: Cast, need: Need) -> None:
    first = answers.apply(need=need, by=cast.former)
    second = answers.invite(need=need, by=cast.lead, whom=cast.stranger)
    answers.accept(answer=first, by=cast.lead)
    stale = Answer.objects.get(pk=second.pk)
    Answer.objects.filter(pk=stale.pk).update(state=Answer.State.INVITED)
    with pytest.raises(Refused, match="taken"):
        answers.accept(answer=stale, by=cast.stranger)
    stale.refresh_from_db()
    assert stale.state == Answer.State.INVITED  # the refusal undid all of it
    assert Engagement.objects.count() == 1


def test_whoever_waits_for_a_full_task_is_let_go(cast: Cast, need: Need) -> None:
    taken = answers.apply(need=need, by=cast.former)
    left_over = answers.apply(need=need, by=cast.stranger)
    answers.accept(answer=taken, by=cast.lead)
    left_over.refresh_from_db()
    assert left_over.state == Answer.State.CLOSED


def test_one_live_answer_for_each_person(cast: Cast, need: Need) -> None:
    first = answers.invite(need=need, by=cast.lead, whom=cast.stranger)
    assert answers.invite(need=need, by=cast.lead, whom=cast.stranger) == first
    assert Notice.objects.filter(person=cast.stranger, kind="invited").count() == 1
    assert Answer.objects.count() == 1


def test_offering_help_where_one_is_invited_is_a_yes(
    cast: Cast, need: Need, invitation: Answer
) -> None:
    answer = answers.apply(need=need, by=cast.stranger)
    assert answer == invitation
    assert answer.state == Answer.State.ACCEPTED


def test_a_no_is_not_asked_again_and_its_reason_stays_private(
    cast: Cast, need: Need, invitation: Answer
) -> None:
    answers.decline(answer=invitation, by=cast.stranger, reason="too-far")
    with pytest.raises(Refused):
        answers.invite(need=need, by=cast.lead, whom=cast.stranger)
    page = client_of(cast.lead).get(f"/needs/{need.pk}/answers/").content.decode()
    assert "Not this time" in page
    assert "too-far" not in page
    assert "Too far" not in page


def test_taking_a_yes_back_frees_the_seat_and_ends_contact(
    cast: Cast, need: Need, invitation: Answer
) -> None:
    answers.accept(answer=invitation, by=cast.stranger)
    answers.withdraw(answer=invitation, by=cast.stranger)
    need.refresh_from_db()
    assert (need.seats_filled, need.state) == (0, Need.State.OPEN)
    assert load_of(cast.stranger) == 0
    grant = ContactGrant.objects.get()
    assert grant.ended_at is not None
    line = OutboxEntry.objects.filter(kind="grant", lane=Lane.WITHDRAWALS)
    assert line.filter(key=str(grant.pk)).exists()


def test_blocked_unmatched_and_suspended_people_cannot_be_invited(
    cast: Cast, need: Need
) -> None:
    Block.objects.create(blocker=cast.former, blocked=cast.lead)
    Profile.objects.filter(user=cast.survivor).update(is_matched=False)
    for person in (cast.former, cast.survivor, cast.suspended, cast.applicant):
        with pytest.raises(NotFound):
            answers.invite(need=need, by=cast.lead, whom=person)
    assert Answer.objects.count() == 0


def test_a_need_with_a_check_takes_nobody_without_it(
    cast: Cast, project: Project
) -> None:
    need = make_need(project, cast.lead, safeguarding_tier=1)
    with pytest.raises(Refused):
        answers.apply(need=need, by=cast.stranger)
    with pytest.raises(Refused):
        answers.invite(need=need, by=cast.lead, whom=cast.stranger)


def test_who_lacks_the_check_learns_it_before_writing_an_offer(
    cast: Cast, project: Project
) -> None:
    need = make_need(project, cast.lead, safeguarding_tier=1)
    client = client_of(cast.stranger)
    page = client.get(f"/needs/{need.pk}/").content.decode()
    assert "a check by our team that you have not had yet" in page
    assert 'name="note"' not in page
    Profile.objects.filter(user=cast.stranger).update(safeguarding_tier=1)
    page = client.get(f"/needs/{need.pk}/").content.decode()
    assert 'name="note"' in page


def test_a_check_that_a_task_asks_for_by_now_is_asked_for_at_the_second_yes(
    cast: Cast, need: Need
) -> None:
    offer = answers.apply(need=need, by=cast.former)
    asked = answers.invite(need=need, by=cast.lead, whom=cast.stranger)
    Need.objects.filter(pk=need.pk).update(safeguarding_tier=2)
    with pytest.raises(Refused, match="this person has not"):
        answers.accept(answer=offer, by=cast.lead)
    with pytest.raises(Refused, match="you have not"):
        answers.accept(answer=asked, by=cast.stranger)
    assert not Engagement.objects.exists()
    states = set(Answer.objects.values_list("state", flat=True))
    assert states == {Answer.State.APPLIED, Answer.State.INVITED}


def test_what_has_not_begun_is_not_concluded(cast: Cast, need: Need) -> None:
    offer = answers.apply(need=need, by=cast.former)
    answer = client_of(cast.lead).post(
        f"/answers/{offer.pk}/decide/", {"decision": "conclude"}, follow=True
    )
    assert "Nobody has begun on this yet." in answer.content.decode()
    offer.refresh_from_db()
    assert offer.state == Answer.State.APPLIED


def test_an_unconfirmed_registration_is_neither_told_of_nor_told(
    cast: Cast, need: Need
) -> None:
    quiet = make_registration(is_confirmed=False)
    with pytest.raises(NotFound):
        answers.invite(need=need, by=cast.lead, whom=quiet)
    with pytest.raises(NotFound):
        answers.apply(need=need, by=quiet)
    Answer.objects.create(need=need, registration=quiet, state=Answer.State.APPLIED)
    page = client_of(cast.lead).get(f"/needs/{need.pk}/answers/").content.decode()
    assert "A volunteer" not in page
    assert not OutgoingMail.objects.exists()
    assert not Notice.objects.filter(kind="applied").exists()


def test_a_volunteer_is_asked_by_mail_and_their_address_is_shown_to_nobody(
    cast: Cast, need: Need
) -> None:
    registration = make_registration("harriet@example.org")
    answer = answers.invite(need=need, by=cast.lead, whom=registration)
    mail = OutgoingMail.objects.get()
    assert mail.to == "harriet@example.org"
    assert str(answer.pk) in mail.context["url"]
    answers.accept(answer=answer, by=registration)
    client = client_of(cast.lead)
    for url in (f"/needs/{need.pk}/answers/", f"/needs/{need.pk}/"):
        page = client.get(url).content.decode()
        assert "harriet" not in page
    assert "A volunteer" in client.get(f"/needs/{need.pk}/answers/").content.decode()


def open_link(client: Any, mail: OutgoingMail) -> Any:
    path = mail.context["url"].split("//", 1)[1].split("/", 1)[1]
    return client.get(f"/{path}", follow=True)


def test_an_invitation_shows_the_way_to_ones_own_page(cast: Cast, need: Need) -> None:
    answers.invite(need=need, by=cast.lead, whom=make_registration())
    headers = notify.compose(OutgoingMail.objects.get()).extra_headers
    assert "List-Unsubscribe-Post" not in headers
    path = headers["List-Unsubscribe"].strip("<>").partition("8000")[2]
    page = client_of(None).get(path, follow=True).content.decode()
    assert "/registration/erase/" in page


def test_a_volunteer_answers_by_the_mailed_link(cast: Cast, need: Need) -> None:
    answer = answers.invite(need=need, by=cast.lead, whom=make_registration())
    client = client_of(None)
    assert client.get(f"/registration/answers/{answer.pk}/").status_code == 404
    opened = open_link(client, OutgoingMail.objects.get())
    page = opened.content.decode()
    assert opened.redirect_chain[-1][0] == f"/registration/answers/{answer.pk}/"
    assert "Would you help with this?" in page
    assert SECRET_PLACE not in page
    answer.refresh_from_db()
    assert answer.state == Answer.State.INVITED  # opening a link says nothing yet
    client.post(f"/registration/answers/{answer.pk}/", {"reply": "yes"})
    page = client.get(f"/registration/answers/{answer.pk}/").content.decode()
    assert SECRET_PLACE in page
    grant = ContactGrant.objects.get()
    assert grant.other_registration == answer.registration


def test_a_volunteer_cannot_open_somebody_elses_answer(cast: Cast, need: Need) -> None:
    mine = answers.invite(need=need, by=cast.lead, whom=make_registration())
    other = answers.invite(
        need=need, by=cast.lead, whom=make_registration("other@example.org")
    )
    client = client_of(None)
    mails = {mail.context["url"]: mail for mail in OutgoingMail.objects.all()}
    url = next(url for url in mails if str(mine.pk) in url)
    open_link(client, mails[url])
    assert client.get(f"/registration/answers/{mine.pk}/").status_code == 200
    assert client.get(f"/registration/answers/{other.pk}/").status_code == 404
    swapped = (
        url.split("//", 1)[1].split("/", 1)[1].replace(str(mine.pk), str(other.pk))
    )
    assert client_of(None).get(f"/{swapped}").status_code == 404


def test_a_confirmed_volunteer_offers_help_on_a_need(cast: Cast, need: Need) -> None:
    asked = answers.invite(need=need, by=cast.lead, whom=make_registration())
    client = client_of(None)
    open_link(client, OutgoingMail.objects.get())
    answers.decline(answer=asked, by=asked.registration)  # type: ignore[arg-type]
    assert "Offer to help" in client.get(f"/needs/{need.pk}/").content.decode()
    sent = client.post(
        f"/registration/needs/{need.pk}/apply/", {"note": "I was a canteen cook."}
    )
    offer = Answer.objects.get(state=Answer.State.APPLIED)
    assert sent.url == f"/registration/answers/{offer.pk}/"  # type: ignore[attr-defined]
    page = client_of(cast.lead).get(f"/needs/{need.pk}/answers/").content.decode()
    assert "I was a canteen cook." in page


def test_the_exact_place_is_told_after_both_yeses_and_no_longer_than_they_last(
    cast: Cast, need: Need, invitation: Answer
) -> None:
    client, url = client_of(cast.stranger), f"/answers/{invitation.pk}/"
    for page in (url, f"/needs/{need.pk}/", f"/projects/{need.project.slug}/"):
        assert SECRET_PLACE not in client.get(page).content.decode()
    client.post(url, {"reply": "yes"})
    assert SECRET_PLACE in client.get(url).content.decode()
    assert SECRET_PLACE not in client.get(f"/needs/{need.pk}/").content.decode()
    client.post(url, {"reply": "withdraw"})
    assert SECRET_PLACE not in client.get(url).content.decode()


def test_a_lead_accepts_an_offer_and_concludes_it(cast: Cast, need: Need) -> None:
    client_of(cast.stranger).post(f"/needs/{need.pk}/apply/", {"note": "Gladly."})
    offer = Answer.objects.get()
    assert Notice.objects.filter(person=cast.lead, kind="applied").exists()
    lead = client_of(cast.lead)
    assert "Gladly." in lead.get(f"/needs/{need.pk}/answers/").content.decode()
    lead.post(f"/answers/{offer.pk}/decide/", {"decision": "accept"})
    offer.refresh_from_db()
    assert offer.state == Answer.State.ACCEPTED
    lead.post(f"/answers/{offer.pk}/decide/", {"decision": "conclude"})
    offer.engagement.refresh_from_db()
    assert offer.engagement.ended_at is not None
    assert load_of(cast.stranger) == 0


def test_strangers_find_no_answer_and_decide_nothing(
    cast: Cast, need: Need, invitation: Answer
) -> None:
    for person in (cast.former, cast.lead, cast.moderator, cast.suspended):
        answer = client_of(person).get(f"/answers/{invitation.pk}/")
        assert answer.status_code == 404
    for person in (cast.former, cast.stranger, cast.editor):
        decided = client_of(person).post(
            f"/answers/{invitation.pk}/decide/", {"decision": "withdraw"}
        )
        assert decided.status_code == 404
    invitation.refresh_from_db()
    assert invitation.state == Answer.State.INVITED


def test_notices_and_mails_name_nobody(cast: Cast, need: Need) -> None:
    answers.apply(need=need, by=cast.former, note="I know the Former")
    for mail in OutgoingMail.objects.all():
        assert set(mail.context) == {"url", "stop_url"}
        assert "Former" not in str(mail.context)


def test_the_log_is_read_by_messaging(cast: Cast, invitation: Answer) -> None:
    """The conversation opens from the line that the second yes leaves."""
    answers.accept(answer=invitation, by=cast.stranger)
    grants = [each.key for each in outbox.read("anybody") if each.kind == "grant"]
    assert grants == [str(ContactGrant.objects.get().pk)]


def test_an_empty_answer_says_what_to_press(cast: Cast, invitation: Answer) -> None:
    answer = client_of(cast.stranger).post(f"/answers/{invitation.pk}/", {})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Press one of the buttons." in page
    assert page.count('id="id_reply"') == page.count('href="#id_reply"') == 1
    invitation.refresh_from_db()
    assert invitation.state == Answer.State.INVITED


def test_a_formers_offer_to_who_wants_no_formers_waits_unseen(
    cast: Cast, need: Need
) -> None:
    lead, former = cast.lead.profile, cast.former.profile
    lead.kind, lead.contact_rules = "survivor", {"no_formers": True}
    lead.save()
    assert former.kind == "former"
    page = client_of(cast.former).post(f"/needs/{need.pk}/apply/", {"note": "Gladly."})
    assert page.status_code == 302  # and nothing tells the wish
    offer = Answer.objects.get(person=cast.former)
    answers.apply(need=need, by=cast.stranger)
    assert Notice.objects.filter(person=cast.lead, kind="applied").count() == 1
    client = client_of(cast.lead)
    listed = client.get(f"/needs/{need.pk}/answers/").content.decode()
    assert str(offer.pk) not in listed
    assert "Gladly." not in listed
    (mine,) = queries.my_projects(cast.lead)
    assert mine.offers == 1  # the stranger's: a number would tell of it too
    answer = client.post(f"/answers/{offer.pk}/decide/", {"reply": "yes"})
    assert answer.status_code == 404
    offer.refresh_from_db()
    assert offer.state == Answer.State.APPLIED


def with_link(client: Any, row: VolunteerRegistration) -> None:
    """As after opening the mailed link."""
    token = mailed_links.issue(
        purpose=LINK_PURPOSE, subject=row.pk, lifetime=timedelta(days=1)
    )
    client.get(f"/registration/open/{token}/")


def test_a_volunteers_line_with_a_link_is_shown_again_with_the_reason(
    cast: Cast, need: Need
) -> None:
    client = client_of(None)
    with_link(client, make_registration())
    note = "I wrote of it on example.com."
    page = client.post(f"/registration/needs/{need.pk}/apply/", {"note": note})
    assert page.status_code == 422
    assert "No links or addresses in a first note" in page.content.decode()
    assert note in page.content.decode()
    assert not Answer.objects.exists()


def test_an_offer_that_is_refused_keeps_its_line(cast: Cast, need: Need) -> None:
    client = client_of(None)
    Need.objects.filter(pk=need.pk).update(safeguarding_tier=2)
    with_link(client, make_registration())
    for browser, path in (
        (client, f"/registration/needs/{need.pk}/apply/"),
        (client_of(cast.stranger), f"/needs/{need.pk}/apply/"),
    ):
        page = browser.post(path, {"note": "I have held such hands."})
        assert page.status_code == 403
        assert "a check that you have not had" in page.content.decode()
        assert "I have held such hands." in page.content.decode()


def test_no_check_is_asked_for_afterwards_that_a_helper_has_not_had(
    cast: Cast, need: Need
) -> None:
    offer = answers.apply(need=need, by=cast.stranger)
    answers.accept(answer=offer, by=cast.lead)
    lead, url = client_of(cast.lead), f"/needs/{need.pk}/edit/"
    initial = lead.get(url).context["form"].initial
    form = {name: value for name, value in initial.items() if value is not None}
    refused = lead.post(url, {**form, "safeguarding_tier": "2"})
    assert refused.status_code == 422
    assert "has not had this check" in refused.content.decode()
    need.refresh_from_db()
    assert need.safeguarding_tier == 0
    Profile.objects.filter(user=cast.stranger).update(safeguarding_tier=2)
    assert lead.post(url, {**form, "safeguarding_tier": "2"}).status_code == 302
    need.refresh_from_db()
    assert need.safeguarding_tier == 2


def test_who_comes_late_to_the_last_place_is_told_why(cast: Cast, need: Need) -> None:
    Need.objects.filter(pk=need.pk).update(seats=1)
    need.refresh_from_db()
    late = answers.apply(need=need, by=cast.former)
    first = answers.apply(need=need, by=cast.stranger)
    answers.accept(answer=first, by=cast.lead)
    with pytest.raises(Refused, match="All places were taken"):
        answers.accept(answer=late, by=cast.lead)
    page = client_of(cast.former).get(f"/answers/{late.pk}/").content.decode()
    assert "All places were taken meanwhile." in page
