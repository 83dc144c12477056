# The installation's secret is replaced as docs/operations/key-rotation.md says; a worker is drained as upgrades.md says.
set -euo pipefail
URL=http://127.0.0.1
KEY=$(framelane-manage create_workspace --name Rotation --email rotation@example.org --plan pro 2> /dev/null)
AUTH="Authorization: Bearer $KEY"
work=$(mktemp -d)
field() { python3 -c "import json, sys; print(json.load(sys.stdin)['$1'])"; }
manage() { framelane-manage "$@" 2> /dev/null; }
stale() { manage shell --no-imports -c "from apps.webhooks.models import Secret; from apps.webhooks.sealing import current_mark; print(Secret.objects.exclude(sealed__startswith=current_mark()).count())"; }
opened() { manage shell --no-imports -c "from apps.webhooks.models import Secret; from apps.webhooks.sealing import open_sealed; print(open_sealed(Secret.objects.get(endpoint_id='$1').sealed))"; }
restart() {
    systemctl restart framelane.target
    curl --fail -sS -o /dev/null --retry 30 --retry-all-errors --retry-delay 1 "$URL/readyz"
}
SCENE='{"width": 320, "height": 180, "duration": 2, "elements": [{"type": "text", "text": "Kept", "time": 0, "duration": 2, "font_size": 40}]}'

echo "=== Before"
curl -sS -H "$AUTH" "$URL/v1/webhooks" --json '{"url": "https://receiver.example.org/hook", "events": ["render.*"]}' > "$work/webhook.json"
JOB=$(curl -sS -H "$AUTH" "$URL/v1/renders" --json "$SCENE" | field id)
until curl -sS -H "$AUTH" "$URL/v1/renders/$JOB?wait=25" | grep -q '"status": *"completed"'; do sleep 0.2; done
FILM=$(curl -sS -o /dev/null -w '%{redirect_url}' -H "$AUTH" "$URL/v1/renders/$JOB/download")
curl -fsS -o /dev/null "$FILM"

echo "=== A new key, the former one as a fallback"
FORMER=$(sed -n 's/^FRAMELANE_SECRET_KEY=//p' /etc/framelane/framelane.env)
sed -i "s/^FRAMELANE_SECRET_KEY=.*/FRAMELANE_SECRET_KEY=$(openssl rand -hex 32)/" /etc/framelane/framelane.env
echo "FRAMELANE_SECRET_KEY_FALLBACKS=$FORMER" >> /etc/framelane/framelane.env
restart
echo "  a link of before: $(curl -sS -o /dev/null -w '%{http_code}' "$FILM")"
curl -fsS -o /dev/null "$FILM"
echo "  secrets that the former key has sealed: $(stale)"
[ "$(stale)" -gt 0 ]
manage shell --no-imports -c "from apps.webhooks import secrets; secrets.reseal()"
echo "  and after reseal(): $(stale)"
[ "$(stale)" = 0 ]

echo "=== Without the former key"
sed -i '/^FRAMELANE_SECRET_KEY_FALLBACKS=/d' /etc/framelane/framelane.env
restart
[ "$(opened "$(field id < "$work/webhook.json")")" = "$(field secret < "$work/webhook.json")" ] || { echo "the webhook's secret is lost"; exit 1; }
echo "  the webhook's secret can be read"
echo "  a link of before: $(curl -sS -o /dev/null -w '%{http_code}' "$FILM")"
[ "$(curl -sS -o /dev/null -w '%{http_code}' "$FILM")" = 403 ]
curl -fsS -o /dev/null -H "$AUTH" "$URL/v1/renders/$JOB"
echo "  the API key works"

echo "=== A worker that is drained"
drain() { manage shell --no-imports -c "from framelane.celery import app; app.control.$1('render', destination=['cpu@$(hostname)'])"; }
drain cancel_consumer
sleep 2
JOB=$(curl -sS -H "$AUTH" "$URL/v1/renders" --json "$SCENE" | field id)
sleep 8
STATUS=$(curl -sS -H "$AUTH" "$URL/v1/renders/$JOB" | field status)
echo "  a job meanwhile: $STATUS"
[ "$STATUS" = queued ]
systemctl restart framelane-worker@cpu
until curl -sS -H "$AUTH" "$URL/v1/renders/$JOB?wait=25" | grep -q '"status": *"completed"'; do sleep 0.2; done
echo "  after a restart: completed"
rm -rf "$work"
