"""Addresses of access, mounted at the root."""

from django.urls import path

from linli.kernel.access import views

app_name = "access"
urlpatterns = [
    path("signin/", views.signin, name="signin"),
    path("signin/staff/", views.staff, name="staff"),
    path("signin/second/", views.second, name="second"),
    path("signin/demo/", views.demo, name="demo"),
    path("signout/", views.signout, name="signout"),
    path("hats/", views.hat, name="hat"),
    path("me/", views.account, name="account"),
    path("desk/saved/", views.saved, name="saved"),
    path("desk/people/", views.people, name="people"),
    path("desk/people/appoint/", views.appoint, name="appoint"),
    path("desk/people/hire/", views.hire, name="hire"),
    path("desk/people/<int:pk>/dismiss/", views.dismiss, name="dismiss"),
    path("desk/audit/", views.audit, name="audit"),
    path("desk/audit/<int:pk>/", views.audit_fact, name="audit_fact"),
]
