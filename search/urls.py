from django.urls import path

from search import views

app_name = "search"
urlpatterns = [
    path("stories/", views.stories, name="stories"),
    path("library/", views.library, name="library"),
    path("practices/", views.practices, name="practices"),
    path("search/", views.site, name="site"),
    path("people/", views.people_directory, name="directory"),
    path("matches/", views.needs_for_me, name="matches"),
    path("peers/", views.peers, name="peers"),
    path(
        "peers/<uuid:user_id>/pass-over/", views.peer_pass_over, name="peer_pass_over"
    ),
    path(
        "needs/<uuid:need_id>/matches/",
        views.people_for_need,
        name="matches_for_need",
    ),
    path("help/<slug:slug>/done/", views.volunteer_result, name="volunteer_result"),
]
