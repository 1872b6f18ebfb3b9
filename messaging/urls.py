from django.urls import path

from messaging import views

app_name = "messaging"
urlpatterns = [
    path("messages/", views.conversation_list, name="list"),
    path("messages/open/<str:token>/", views.link_open, name="open"),
    path("messages/with/<uuid:person_id>/", views.conversation_start, name="start"),
    path("messages/<uuid:conversation_id>/", views.conversation_detail, name="detail"),
    path("messages/<uuid:conversation_id>/send/", views.message_send, name="send"),
    path("messages/<uuid:conversation_id>/after/", views.messages_after, name="after"),
    path("messages/<uuid:conversation_id>/safety/", views.safety, name="safety"),
    path(
        "messages/<uuid:conversation_id>/leave/", views.conversation_leave, name="leave"
    ),
    path(
        "messages/<uuid:conversation_id>/<int:seq>/delete/",
        views.message_delete,
        name="delete",
    ),
]
