"""`python -m tests.relevance`: each need, and the means, on the embedded engine."""

import os

import django


def print_table() -> None:
    from search.embedded import EmbeddedEngine
    from search.replica import related_skills
    from tests.relevance.measure import means, rows

    measured = rows(EmbeddedEngine(related_skills()))
    found = means(measured)
    print(f"{'need':26}{'hard':6}{'engine':>8}{'overlap':>9}")
    for row in measured:
        hard = "hard" if row.is_hard else ""
        print(f"{row.id:26}{hard:6}{row.engine:8.3f}{row.baseline:9.3f}")
    print(f"{'mean':32}{found.all:8.4f}{found.baseline:9.4f}")
    print(f"{'mean of the hard':32}{found.hard:8.4f}{found.baseline_hard:9.4f}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network.settings")
    django.setup()
    print_table()
