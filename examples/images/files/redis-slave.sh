#!/bin/sh
set -e
# As in the tutorial's image: the master is found by the variables of its Service, or by its name.
master=redis-master
if [ "$GET_HOSTS_FROM" = env ]; then
  master=${REDIS_MASTER_SERVICE_HOST:?"the Service redis-master is to be there first"}
fi
exec redis-server --replicaof "$master" 6379 --protected-mode no
