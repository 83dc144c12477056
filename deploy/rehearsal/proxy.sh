# What a customer's tools meet at nginx: streams, ranges, long polls, one set of headers, answers in the envelope.
set -euo pipefail
URL=http://127.0.0.1
KEY=$(framelane-manage create_workspace --name Proxy --email proxy@example.org --plan enterprise)
AUTH="Authorization: Bearer $KEY"
work=$(mktemp -d)
field() { python3 -c "import json, sys; print(json.load(sys.stdin)['$1'])"; }
status() { curl -sS -o "$work/body" -D "$work/head" -w '%{http_code}' "$@"; }
expect() { # WHAT WANTED SEEN
    [ "$2" = "$3" ] || { echo "$1: $3, not $2"; cat "$work/head" "$work/body" 2> /dev/null | head -c 2000; exit 1; }
    echo "  $1: $3"
}
open_upload() { curl -sS -H "$AUTH" "$URL/v1/uploads" --json '{"content_type": "video/mp4", "filename": "large.mp4"}' | field upload_url; }
held() { curl -sS -o /dev/null -D - -X PUT "$1" -H "Content-Range: bytes */$2" -H 'Content-Length: 0' | tr -d '\r' | sed -n 's/^[Rr]ange: bytes=0-//p'; }

echo "=== Headers"
expect "a page" 200 "$(status "$URL/")"
expect "policies for content" 1 "$(grep -ci '^content-security-policy:' "$work/head")"
expect "HSTS without TLS" 0 "$(grep -ci '^strict-transport-security:' "$work/head" || true)"
expect "another host" 400 "$(status -H 'Host: elsewhere.example.org' "$URL/v1/capabilities")"
expect "its envelope" '{"error"' "$(head -c 8 "$work/body")"
expect "a body of 9 MiB" 413 "$(head -c 9437184 /dev/zero | status -H "$AUTH" -H 'Content-Type: application/json' --data-binary @- "$URL/v1/renders")"
expect "its envelope" '{"error"' "$(head -c 8 "$work/body")"
expect "an address of 9000 bytes" 414 "$(status "$URL/$(head -c 9000 /dev/zero | tr '\0' a)")"
expect "its envelope" '{"error"' "$(head -c 8 "$work/body")"

echo "=== An upload that breaks keeps what has come"
PLACE=$(open_upload)
SIZE=67108864
truncate -s $SIZE "$work/large.mp4"
timeout 4 curl -sS -o /dev/null --limit-rate 4M -X PUT -T "$work/large.mp4" -H 'Content-Type: video/mp4' "$PLACE" || true
sleep 1
HELD=$(held "$PLACE" $SIZE)
[ "${HELD:-0}" -gt 4000000 ] || { echo "only ${HELD:-0} bytes arrived"; exit 1; }
echo "  $HELD bytes arrived of the 4 s at 4 MiB/s"

echo "=== Five gigabytes in one PUT"
PLACE=$(open_upload)
SIZE=${UPLOAD_BYTES:-5368709120}
truncate -s "$SIZE" "$work/huge.mp4"
began=$SECONDS
status -X PUT -T "$work/huge.mp4" -H 'Content-Type: video/mp4' "$PLACE" > "$work/status" &
upload=$!
most_kb=0
spooled_kb=0
while kill -0 $upload 2> /dev/null; do
    used_kb=$(ps -C nginx,gunicorn -o rss= | awk '{sum += $1} END {print sum}')
    most_kb=$((used_kb > most_kb ? used_kb : most_kb))
    on_disk_kb=$(du -sk /var/lib/nginx/body | cut -f1)
    spooled_kb=$((on_disk_kb > spooled_kb ? on_disk_kb : spooled_kb))
    sleep 1
done
wait $upload
expect "$SIZE bytes in $((SECONDS - began)) s" 200 "$(cat "$work/status")"
[ "$spooled_kb" -lt 1024 ] || { echo "nginx wrote $spooled_kb KiB of it to its disk"; exit 1; }
echo "  nginx and the web together never above $((most_kb / 1024)) MiB of memory; $spooled_kb KiB spooled by nginx"
rm "$work/huge.mp4"

echo "=== Ranges"
( cd /opt/framelane && .venv/bin/python -m examples.sources "$work" silk.mp4 > /dev/null )
curl -sS -H "$AUTH" "$URL/v1/uploads" --json '{"content_type": "video/mp4", "filename": "silk.mp4"}' > "$work/silk.json"
curl -sS -o /dev/null -T "$work/silk.mp4" "$(field upload_url < "$work/silk.json")"
cat > "$work/scene.json" <<JSON
{"width": 320, "height": 180, "duration": 2, "elements": [{"type": "video", "source_url": "$(field source_url < "$work/silk.json")", "time": 0}]}
JSON
JOB=$(curl -sS -H "$AUTH" "$URL/v1/renders" --json @"$work/scene.json" | field id)
until curl -sS -H "$AUTH" "$URL/v1/renders/$JOB?wait=25" | grep -q '"status": *"completed"'; do sleep 0.2; done
curl -sS -L -H "$AUTH" -o "$work/film.mp4" "$URL/v1/renders/$JOB/download"
FILM=$(curl -sS -o /dev/null -w '%{redirect_url}' -H "$AUTH" "$URL/v1/renders/$JOB/download")
expect "a range" 206 "$(status -r 1000-1999 "$FILM")"
expect "the bytes of the film" "$(tail -c +1001 "$work/film.mp4" | head -c 1000 | sha256sum)" "$(sha256sum < "$work/body")"
expect "a range beyond the end" 416 "$(status -r 99999999999- "$FILM")"

echo "=== A poll of 25 seconds"
systemctl stop framelane-worker@cpu
JOB=$(curl -sS -H "$AUTH" "$URL/v1/renders" --json @"$work/scene.json" | field id)
began=$SECONDS
expect "the answer" 200 "$(status -H "$AUTH" "$URL/v1/renders/$JOB?wait=25")"
[ $((SECONDS - began)) -ge 24 ] || { echo "it came after $((SECONDS - began)) s"; exit 1; }
echo "  after $((SECONDS - began)) s"
systemctl start framelane-worker@cpu

echo "=== The web away"
systemctl stop framelane-web.socket framelane-web.service
expect "the answer" 503 "$(status "$URL/v1/capabilities")"
expect "when to try again" 1 "$(grep -ci '^retry-after: 5' "$work/head")"
expect "its envelope" '{"error"' "$(head -c 8 "$work/body")"
systemctl start framelane-web.socket framelane-web.service
curl --fail -sS -o /dev/null --retry 30 --retry-all-errors --retry-delay 1 "$URL/readyz"
rm -rf "$work"
