#!/usr/bin/env bash
# Make sure a Chromium is there for the browser tests; say plainly what to do where it can't be had.
set -u
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null 2>&1; then
    echo "browser tests use $(command -v "$name")"
    exit 0
  fi
done
if command -v apt-get >/dev/null 2>&1; then
  run=""
  if [ "$(id -u)" != 0 ]; then
    run="sudo -n"
  fi
  echo "installing Chromium for the browser tests ..."
  if $run apt-get update -qq >/dev/null 2>&1 \
    && $run env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      chromium fonts-noto-core >/dev/null 2>&1; then
    exit 0
  fi
fi
echo "Chromium could not be installed here, so the browser tests will be skipped."
echo "To run them, install Chromium (Debian: apt-get install chromium fonts-noto-core;"
echo "macOS: brew install --cask chromium) and run make test again."
exit 0
