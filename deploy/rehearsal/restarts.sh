# Workers, the clock and the web are restarted while jobs are at work: none is lost, and no request is refused.
set -euo pipefail
URL=http://127.0.0.1
KEY=$(framelane-manage create_workspace --name Restarts --email restarts@example.org --plan enterprise)
AUTH="Authorization: Bearer $KEY"
work=$(mktemp -d)
field() { python3 -c "import json, sys; print(json.load(sys.stdin)['$1'])"; }

echo "=== Six renders, and three rounds of restarts"
cat > "$work/scene.json" <<'JSON'
{"width": 1280, "height": 720, "duration": 20, "elements": [{"type": "text", "text": "Still here", "time": 0, "duration": 20, "font_size": 90}]}
JSON
for number in 1 2 3 4 5 6; do
    curl -sS -H "$AUTH" "$URL/v1/renders" --json @"$work/scene.json" | field id >> "$work/jobs"
done
( while [ -e "$work/jobs" ]; do curl -s -o /dev/null -w '%{http_code}\n' "$URL/v1/system/version" >> "$work/asked"; sleep 0.1; done ) &
asking=$!
for round in 1 2 3; do
    sleep 4
    began=$SECONDS
    systemctl restart framelane-worker@cpu.service framelane-worker@io.service framelane-worker@webhooks.service framelane-worker@ingest.service
    echo "  round $round: the workers stopped and started within $((SECONDS - began)) s"
    systemctl restart framelane-beat.service framelane-web.service
done
while read -r job; do
    until curl -sS -H "$AUTH" "$URL/v1/renders/$job?wait=25" > "$work/job.json" && grep -qE '"status": *"(completed|failed|cancelled)"' "$work/job.json"; do sleep 0.5; done
    echo "  $job: $(field status < "$work/job.json")"
    [ "$(field status < "$work/job.json")" = completed ] || { cat "$work/job.json"; exit 1; }
done < "$work/jobs"
mv "$work/jobs" "$work/done"
wait $asking
echo "  $(wc -l < "$work/asked") requests meanwhile: $(sort "$work/asked" | uniq -c | tr '\n' ';')"
REFUSED=$(grep -vc '^200$' "$work/asked" || true)
[ "$REFUSED" = 0 ] || { echo "$REFUSED of them were refused"; exit 1; }
rm -rf "$work"
