#!/usr/bin/env bash
# Installs Debian's chromium for the browser tests where it is missing and we may; says how to otherwise.
set -eu
if advice=$(.venv/bin/python -m infra.local.chromium 2>&1 > /dev/null); then
  exit 0
fi
if ! command -v apt-get > /dev/null; then
  echo "browser tests will be skipped: no chromium found; install it with your system's packages" >&2
elif [ "$(id -u)" = 0 ]; then
  echo "installing chromium for the browser tests …"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; } > /dev/null < /dev/null \
    || echo "browser tests will be skipped: chromium could not be installed" >&2
else
  echo "browser tests will be skipped: $advice" >&2
fi
