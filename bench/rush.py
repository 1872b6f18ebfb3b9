"""The people and needs of `bench.surge`, as rows. Import it when Django is set up."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from bench.match import Crowd
from network import outbox
from network.models import Lane, OutboxEntry
from profiles import taxonomy
from profiles.actions.changes import tell_volunteer
from profiles.models import VolunteerRegistration
from projects.models import Need, NeedSkill, Project
from search import arrivals
from search.documents import PersonDocument
from search.engine import MatchRequest
from search.models import Arrival
from search.replica import replica
from search.sources import volunteer_document

NEEDS_A_PROJECT = 100


class Rush:
    def __init__(self, seed: int) -> None:
        self.crowd = Crowd(seed)
        self.skills = [skill.id for skill in taxonomy.all_skills()]
        self.registered: list[UUID] = []
        self.documents: list[PersonDocument] = []
        self.read = 0
        self.withdrawn: list[UUID] = []
        self.late = 0  # withdrawals that the next batch did not bring

    def add_needs(self, count: int) -> None:
        for start in range(0, count, NEEDS_A_PROJECT):
            project = Project.objects.create(
                slug=f"project-{start}", title="Rush", state=Project.State.PUBLISHED
            )
            for number in range(start, min(start + NEEDS_A_PROJECT, count)):
                self.add_need(project, number)

    def add_need(self, project: Project, number: int) -> None:
        drawn = self.crowd.need(number)
        need = Need.objects.create(
            project=project,
            title=f"Need {number}",
            languages=sorted(drawn.languages),
            is_remote=drawn.remote,
            lat=drawn.lat,
            lon=drawn.lon,
            slots=sorted(drawn.slots),
            causes=sorted(drawn.causes),
        )
        skills = {self.skill(one) for one in drawn.skills}
        NeedSkill.objects.bulk_create(
            NeedSkill(need=need, skill=one, weight=1 / len(skills)) for one in skills
        )

    def skill(self, drawn: str) -> str:
        return self.skills[int(drawn.removeprefix("skill-")) % len(self.skills)]

    def begin(self) -> None:
        replica.engine()
        arrivals.match_arrivals()

    def register(self, count: int) -> None:
        rows = [self.row(len(self.registered) + number) for number in range(count)]
        with transaction.atomic():
            VolunteerRegistration.objects.bulk_create(rows)
            OutboxEntry.objects.bulk_create(
                OutboxEntry(
                    lane=Lane.PEOPLE, kind="volunteer", key=str(row.pk), row_version=1
                )
                for row in rows
            )
        self.registered += [row.pk for row in rows]
        self.documents += [volunteer_document(row) for row in rows]

    def row(self, number: int) -> VolunteerRegistration:
        drawn = self.crowd.person(number)
        levels = {self.skill(one): round(10 * at) for one, at in drawn.skills.items()}
        return VolunteerRegistration(
            email=f"{number}@example.org",
            email_index=f"{number}",
            skills=levels,
            languages=sorted(drawn.languages),
            place={"lat": drawn.lat, "lon": drawn.lon},
            travel_km=drawn.travel_km,
            is_remote_ok=drawn.remote_ok,
            slots=sorted(drawn.slots),
            causes=sorted(drawn.causes),
            experience_years=drawn.experience_years,
            last_active_on=timezone.localdate(),
            confirmed_at=timezone.now(),
            expires_at=timezone.now() + timedelta(days=365),
        )

    def match_one_batch(self) -> int:
        read = arrivals.match_arrivals(seconds=0)
        if self.withdrawn:
            left = Arrival.objects.filter(registration=self.withdrawn[-1])
            self.late += left.exists()
        self.read += read
        return read

    def match_barely(self) -> None:
        engine = replica.engine()
        end = min(self.read, len(self.documents))
        for document in self.documents[max(0, end - arrivals.BATCH) : end]:
            engine.match(MatchRequest(subject=document), arrivals.LOOKED_THROUGH)

    def withdraw_somebody(self) -> None:
        """One of those who were led somewhere."""
        led = Arrival.objects.order_by("-pk").values_list("registration", flat=True)
        key = led.first()
        if key is None or outbox.lag(arrivals.CONSUMER) == 0:
            return
        with transaction.atomic():
            row = VolunteerRegistration.objects.get(pk=key)
            row.erased_at = timezone.now()
            row.save()
            tell_volunteer(row, withdrawn=True)
        self.withdrawn.append(row.pk)

    def told(self) -> dict[str, str]:
        led = Counter(Arrival.objects.values_list("need", flat=True))
        return {
            "registrations": f"{len(self.registered):,}",
            "needs": f"{Need.objects.count():,}",
            "needs that somebody was led to": f"{len(led):,}",
            "led to the need with most": f"{max(led.values(), default=0):,}",
            "withdrawals meanwhile": f"{len(self.withdrawn):,}",
            "of them not in the next batch": f"{self.late:,}",
            "still waiting at the end": f"{outbox.lag(arrivals.CONSUMER):,}",
        }
