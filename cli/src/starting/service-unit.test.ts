import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serviceUnit } from './service-unit.ts'

test('a unit starts what the machine is to do, words that systemd would read otherwise in quotes', () => {
  const unit = serviceUnit({
    verb: 'join',
    dataDir: '/srv/my $cluster 100%',
    command: ['/usr/bin/node', '/opt/reckon/main.ts'],
    user: 'root',
    home: '/root',
  })
  const line =
    'ExecStart="/usr/bin/node" "/opt/reckon/main.ts" "join" "--data-dir" "/srv/my $$cluster 100%%"'
  assert.ok(unit.split('\n').includes(line), unit)
  assert.match(unit, /^KillMode=process$/m)
  assert.match(unit, /^Restart=on-failure$/m)
  assert.match(unit, /^WantedBy=multi-user.target$/m)
})
