#!/usr/bin/env bash
# Make sure Chromium and Firefox are there for the browser tests; say plainly what to do where one
# can't be had.
set -u
missing=""
need() { # package, then the names its program goes by
  local package=$1 name
  shift
  for name in "$@"; do
    if command -v "$name" >/dev/null 2>&1; then
      echo "browser tests use $(command -v "$name")"
      return
    fi
  done
  missing="$missing $package"
}
run=""
if [ "$(id -u)" != 0 ]; then
  run="sudo -n"
fi
# Debian has the same engine without windows, in which the tests take less than half of the time;
# where it can't be had, the browser itself does.
if command -v apt-get >/dev/null 2>&1 && ! command -v chromium-headless-shell >/dev/null 2>&1; then
  timeout 60 $run apt-get update -qq >/dev/null 2>&1
  timeout 180 $run env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    chromium-headless-shell >/dev/null 2>&1
fi
need chromium chromium-headless-shell chromium chromium-browser google-chrome
need firefox-esr firefox-esr firefox
[ -z "$missing" ] && exit 0
if command -v apt-get >/dev/null 2>&1; then
  echo "installing for the browser tests:$missing ..."
  # shellcheck disable=SC2086
  if $run apt-get update -qq >/dev/null 2>&1 \
    && $run env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      $missing fonts-noto-core >/dev/null 2>&1; then
    exit 0
  fi
fi
echo "Could not be installed here, so the tests in it will be skipped:$missing"
echo "To run them, install it (Debian: apt-get install chromium firefox-esr fonts-noto-core;"
echo "Ubuntu: snap install chromium firefox; macOS: brew install --cask chromium firefox) and run"
echo "make test again."
exit 0
