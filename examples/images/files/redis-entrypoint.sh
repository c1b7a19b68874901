#!/bin/sh
set -e
# As in the official image: options or a configuration file alone are redis-server's.
if [ "${1#-}" != "$1" ] || [ "${1%.conf}" != "$1" ]; then
  set -- redis-server "$@"
fi
# Without a password, redis answers only itself unless told otherwise. The official image is built to be told.
if [ "$1" = redis-server ]; then
  exec "$@" --protected-mode no
fi
exec "$@"
