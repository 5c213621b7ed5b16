#!/usr/bin/env bash
# Fills a store with simulated telemetry (once), prints a token and a curl line,
# and serves on loopback until interrupted.
set -euo pipefail
bin=$1 data=$2 listen=$3

"$bin" simulate --data "$data"
token=$("$bin" token --data "$data")
cat <<EOF

Token (valid for one hour; "$bin token --data $data" prints a new one):

$token

Try:

curl -sS http://$listen/api/advancedqueries/run -H "Authorization: Bearer $token" -H "Content-Type: application/json" -d '{"Query":"ProcessCreationEvents | where InitiatingProcessFileName =~ \"powershell.exe\" | where ProcessCommandLine contains \"appdata\" | project EventTime, FileName, InitiatingProcessFileName | limit 2"}'

EOF
exec "$bin" serve --data "$data" --listen "$listen"
