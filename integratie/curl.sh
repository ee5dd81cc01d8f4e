#!/usr/bin/env bash
# Asks the sidecar for a besluit, with curl and jq.
#
#   export UITFASERING_OPA_URL=https://127.0.0.1:8181
#   export UITFASERING_CA=ca.crt UITFASERING_TOKEN_BESTAND=mijn.token
#   integratie/curl.sh toewijzing.json      one toewijzing: {"handeling": …}
#   integratie/curl.sh toewijzingen.json    a batch: {"toewijzingen": {"1": {…}, "2": {…}}}
#
# Exit code: 0 all is allowed or may run off, 1 something else was said, 2 it could not be asked.
# The keys of a batch go to OPA as they are: use numbers, nothing that points to a child.
set -euo pipefail

fout() {
  printf 'FOUT: %s\n' "$1" >&2
  exit 2
}

bestand=${1-}
url=${UITFASERING_OPA_URL-} ca=${UITFASERING_CA-} token_bestand=${UITFASERING_TOKEN_BESTAND-}
[[ $bestand && $url && $ca && $token_bestand ]] ||
  fout "Geef een bestand, en zet UITFASERING_OPA_URL, UITFASERING_CA en UITFASERING_TOKEN_BESTAND."
token=$(cat "$token_bestand") && [[ $token =~ ^[[:graph:]]+$ ]] || fout "Het token is niet te lezen."
ingang=$(jq -r 'if (try .toewijzingen catch null | type) == "object" then "besluiten" else "besluit" end' \
  "$bestand" 2>/dev/null) || fout "$bestand is niet te lezen als JSON."

# The token is in no argument (everyone on the machine can read those) and in no file of ours.
antwoord=$(
  jq -c '{input: .}' "$bestand" |
    curl --silent --show-error --fail-with-body --connect-timeout 3 --max-time 10 \
      --cacert "$ca" --header @<(printf 'Authorization: Bearer %s\n' "$token") \
      --header 'Content-Type: application/json' --data-binary @- \
      "${url%/}/v1/data/uitfasering/$ingang"
) || fout "Er is geen besluit. $(printf '%s' "$antwoord" | jq -r '.message' 2>/dev/null)"

# Without the bundle OPA does not know the path and leaves `result` out: it says {}, with status 200.
besluiten=$(printf '%s' "$antwoord" | jq -c --arg ingang "$ingang" --slurpfile vraag "$bestand" '
  if $ingang == "besluit" then {besluit: .result}
  elif (.result | keys) == ($vraag[0].toewijzingen | keys) then .result
  else error end
  | if all(.[]; (.uitkomst | type) == "string" and (.bevindingen | type) == "array") then .
    else error end' 2>/dev/null) && [[ $besluiten ]] ||
  fout "Het antwoord is geen besluit. Heeft deze OPA de bundel met de afspraken?"

printf '%s' "$besluiten" | jq -r 'to_entries[] | "\(.key): \(.value.uitkomst)",
  (.value.bevindingen[] | "  \(.regel) (\(.velden | join(", "))): \(.tekst)")'
# Also 1 for an uitkomst that is not known here: then a person must look.
printf '%s' "$besluiten" | jq -e 'all(.[]; .uitkomst | IN("TOEGESTAAN", "AFLOPEN"))' >/dev/null
