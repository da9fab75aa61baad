#!/usr/bin/env bash
# with_heartbeat TITLE COMMAND...: run a command that may say nothing for minutes, with a line now and then; its status is kept.
SECONDS_BETWEEN_LINES=20

with_heartbeat() {
    local title=$1 started=$SECONDS worker status=0
    shift
    "$@" &
    worker=$!
    # Ctrl-C ends a background command only if it is told.
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
