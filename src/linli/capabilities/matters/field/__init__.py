"""Entrance of matters for grid workers: a phone page that can be installed and works offline."""

from django.urls import path

from linli.capabilities.matters.field import shell, views

routes = [
    path("field/", views.today, name="field"),
    path("field/report/", views.report, name="field_report"),
    path("field/verify/", views.verify, name="field_verify"),
    path("field/queue/", views.queue, name="field_queue"),
    path("field/matters/<str:number>/", views.matter, name="field_matter"),
    path("field/matters/<str:number>/<slug:slug>/", views.act_on, name="field_act"),
    path("field/offline/", shell.offline, name="field_offline"),
    path("field/sw.js", shell.worker, name="field_worker"),
    path("field/manifest.webmanifest", shell.manifest, name="field_manifest"),
]
