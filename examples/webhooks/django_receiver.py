"""Takes Framelane's webhooks with Django: FRAMELANE_WEBHOOK_SECRET=whsec_… python django_receiver.py"""

import os

from django.conf import settings
from django.core.management import execute_from_command_line
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from framelane.webhooks import InvalidSignature, verify

SECRET = os.environ["FRAMELANE_WEBHOOK_SECRET"]

# A project has these lines in its settings.py.
settings.configure(
    ALLOWED_HOSTS=["127.0.0.1", "localhost"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ.get("EVENTS_DATABASE", "events.db"),
        }
    },
    DATA_UPLOAD_MAX_MEMORY_SIZE=1024 * 1024,  # larger bodies are answered with 400
    ROOT_URLCONF=__name__,
    SECRET_KEY=os.environ.get("DJANGO_SECRET_KEY", "for trying it out"),
)


@csrf_exempt  # the signature proves who calls; there is no form and no cookie
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    body = request.body  # the bytes as they came: read them before anything else does
    try:
        event = verify(body, request.headers, SECRET)
    except InvalidSignature:
        return HttpResponse("the signature does not hold", status=400)
    if remember(event.id, body):
        print("new:", event.type, event.id, flush=True)
    return HttpResponse(status=204)


def remember(event_id: str, body: bytes) -> bool:
    """Write an event down for the code that does the work; False when it has come before."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, body BLOB NOT NULL)")
        cursor.execute("INSERT OR IGNORE INTO events VALUES (%s, %s)", (event_id, body))
        return bool(cursor.rowcount == 1)


urlpatterns = [path("hooks/framelane", receive)]
application = get_wsgi_application()

if __name__ == "__main__":
    execute_from_command_line(["manage.py", "runserver", "--noreload", os.environ.get("PORT", "9000")])
