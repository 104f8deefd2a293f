#!/usr/bin/env bash
# venv.sh PYTHON FOLDER LOCK STAMP [LARGER_LOCK LARGER_STAMP]: a virtual environment with exactly the locked versions.
# The stamp holds the lock's checksum. Where the larger lock, which contains this one, is installed, nothing is done.
set -eu
python="$1" folder="$2" lock="$3" stamp="$4" larger="${5:-}" larger_stamp="${6:-}"

if [ -x "$folder/bin/python" ] && "$folder/bin/python" -c 'import pip' 2> /dev/null; then
  if [ "$(cat "$stamp" 2> /dev/null)" = "$(cksum < "$lock")" ] \
    || { [ -n "$larger" ] && [ "$(cat "$larger_stamp" 2> /dev/null)" = "$(cksum < "$larger")" ]; }; then
    cksum < "$lock" > "$stamp"
    exit 0
  fi
elif [ -z "$python" ]; then
  echo "No Python 3.11 or newer with venv was found (tried python3.13, python3.12, python3.11, python3)." >&2
  echo "Install one, on Debian or Ubuntu: apt-get install python3 python3-venv; or: make PYTHON=/path/to/python3 …" >&2
  exit 1
else
  "$python" -m venv --clear "$folder"
fi

started=$SECONDS
echo "installing $(grep -c '==' "$lock") locked packages into $folder …"
# Every version stands in the lock, so nothing is resolved, and nothing is built.
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --no-deps --only-binary=:all: \
  --no-compile -r "$lock"
cksum < "$lock" > "$stamp"
echo "installed in $((SECONDS - started)) s"
