# Follows docs/operations/backup-and-restore.md, and loses everything in between.
set -euo pipefail
URL=http://127.0.0.1
KEY=$(framelane-manage create_workspace --name Restore --email restore@example.org --plan pro)
AUTH="Authorization: Bearer $KEY"
work=$(mktemp -d)
field() { python3 -c "import json, sys; print(json.load(sys.stdin)['$1'])"; }
SCENE='{"width": 320, "height": 180, "duration": 2, "elements": [{"type": "text", "text": "Kept", "time": 0, "duration": 2, "font_size": 40}]}'

JOB=$(curl -sS -H "$AUTH" "$URL/v1/renders" --json "$SCENE" | field id)
until curl -sS -H "$AUTH" "$URL/v1/renders/$JOB?wait=25" | grep -q '"status": *"completed"'; do sleep 0.2; done
curl -fsS -L -H "$AUTH" -o "$work/before.mp4" "$URL/v1/renders/$JOB/download"

bash /srv/back-up.sh

echo "=== Everything is lost"
systemctl stop framelane.target
runuser -u postgres -- dropdb --force framelane
rm -rf /var/lib/framelane /etc/framelane/framelane.env

bash /srv/restore-all.sh

echo "=== A film of before"
curl -fsS -L -H "$AUTH" -o "$work/after.mp4" "$URL/v1/renders/$JOB/download"
cmp "$work/before.mp4" "$work/after.mp4"
echo "  $(stat -c %s "$work/after.mp4") bytes, the same"
echo "=== And a new one"
JOB=$(curl -sS -H "$AUTH" "$URL/v1/renders" --json "$SCENE" | field id)
until curl -sS -H "$AUTH" "$URL/v1/renders/$JOB?wait=25" | grep -qE '"status": *"(completed|failed)"'; do sleep 0.2; done
curl -fsS -L -H "$AUTH" -o "$work/new.mp4" "$URL/v1/renders/$JOB/download"
echo "  $(stat -c %s "$work/new.mp4") bytes"
rm -rf "$work"
