from django.http import HttpRequest, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to. `request.POST or None` would take an empty form that
    was sent for one that was not."""
    return request.POST if request.method == "POST" else None
