#!/usr/bin/env bash
# with_heartbeat TITLE COMMAND...: run a command that may be silent for minutes, and print a line regularly. Returns its status.
SECONDS_BETWEEN_LINES=20

with_heartbeat() {
    local title=$1 started=$SECONDS worker status=0
    shift
    "$@" &
    worker=$!
    # Ctrl-C does not reach a background command, so the trap ends it.
    trap 'kill "$worker" 2> /dev/null || true' INT TERM
    while kill -0 "$worker" 2> /dev/null; do
        sleep 1
        if [ $(((SECONDS - started) % SECONDS_BETWEEN_LINES)) -eq 0 ] && kill -0 "$worker" 2> /dev/null; then
            echo "setup: $title: still working after $((SECONDS - started)) s"
        fi
    done
    wait "$worker" || status=$?
    trap - INT TERM
    return "$status"
}
