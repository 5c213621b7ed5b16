#!/usr/bin/env bash
# Fills a store with simulated telemetry (anew when it is older than a day),
# serves it on loopback until interrupted, and prints a token and a curl line.
set -euo pipefail
bin=$1 data=$2 listen=$3

if [ -z "$(find "$data/filled" -mmin -1440 2>/dev/null)" ]; then
  rm -rf "$data"
  "$bin" simulate --data "$data"
  touch "$data/filled"
fi
"$bin" serve --data "$data" --listen "$listen" &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server"' EXIT
trap 'exit 0' INT TERM

until (exec 3<>"/dev/tcp/${listen%:*}/${listen##*:}") 2>/dev/null; do
  kill -0 "$server" 2>/dev/null || { echo "the server did not start; see above" >&2; exit 1; }
  sleep 0.2
done
token=$("$bin" token --data "$data")
cat <<EOF

Token (valid for one hour; "$bin token --data $data" prints a new one):

$token

Try:

curl -sS http://$listen/api/advancedqueries/run -H "Authorization: Bearer $token" -H "Content-Type: application/json" -d '{"Query":"ProcessCreationEvents | where InitiatingProcessFileName =~ \"powershell.exe\" | where ProcessCommandLine contains \"appdata\" | project EventTime, FileName, InitiatingProcessFileName | limit 2"}'

Ctrl-C stops the server.
EOF
wait "$server"
