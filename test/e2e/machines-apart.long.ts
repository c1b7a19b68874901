import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pod } from '@reckon/kubernetes'
import { root } from '../run-tests.ts'
import { until } from './cluster.ts'
import { dataDirOf, JoinedCluster, reckonOn, runOn } from './joined-cluster.ts'
import type { Machine } from './machines.ts'
import { slowRelay } from './slow-relay.ts'

/** A kernel without netem loses packets by its rules; a relay is late. */
const delayMs = 200
const lostPercent = 5
const aheadMs = 10 * 60_000
/** So long a node is looked at that has no reason to be given up. */
const watchedMs = 45_000
const graceSeconds = 20

const web = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 4
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      terminationGracePeriodSeconds: 0
      nodeSelector: { kubernetes.io/hostname: w1 }
      containers:
        - name: c
          image: busybox
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'hostname; exec sleep 1d']
          readinessProbe: { exec: { command: ['true'] }, periodSeconds: 2 }
`

let joined: JoinedCluster
let machine: Machine
before(async () => {
  joined = await JoinedCluster.open('apart', ['--node-grace', `${graceSeconds}`])
  machine = await joined.join('w1')
  await joined.cluster.apply(web)
  await rolledOut()
})
after(() => joined?.close())

const rolledOut = () =>
  joined.cluster.kubectl('rollout', 'status', 'deployment/web', '--timeout=120s')

/** The node is never given up, its pods stay as they are, and what is new is done there, looked at and looked into. */
async function worksAsEver(): Promise<void> {
  const uids = async () => (await joined.pods('app=web')).map(({ metadata }) => metadata.uid).sort()
  const before = await uids()
  const end = performance.now() + watchedMs
  while (performance.now() < end) {
    assert.ok(await joined.isReady('w1'))
    await sleep(1000)
  }
  assert.deepEqual(await uids(), before)
  await joined.cluster.kubectl('rollout', 'restart', 'deployment/web')
  await rolledOut()
  const [pod] = await joined.cluster
    .json<{ items: Pod[] }>('get', 'pods', '-l', 'app=web')
    .then(({ items }) => items.filter(({ metadata }) => !metadata.deletionTimestamp))
  const { name = '' } = pod?.metadata ?? {}
  assert.equal((await joined.cluster.kubectl('logs', name)).trim(), name)
  assert.equal((await joined.cluster.kubectl('exec', name, '--', 'hostname')).trim(), name)
  await joined.untilAsWanted()
}

test('over a link that is slow and loses packets a node stays, and does what it is told', async () => {
  const { nats } = joined.cluster.readCluster().ports
  const host = joined.lab.address
  const relay = await slowRelay(host, { host, port: nats }, delayMs)
  await reckonOn(machine, 'down')
  const led = `ip daddr ${host} tcp dport ${nats} dnat to ${host}:${relay.port};`
  const chain = `chain output { type nat hook output priority -100; ${led} }`
  await runOn(machine, 'nft', `table ip slow { ${chain}; }`)
  machine.lose(lostPercent)
  await reckonOn(machine, 'join', '--detach')
  await until('w1 is Ready again', () => joined.isReady('w1'))
  await rolledOut()
  await worksAsEver()
  machine.lose(0)
  await reckonOn(machine, 'down')
  await runOn(machine, 'nft', 'delete table ip slow')
  await relay.close()
})

test('a machine whose clock is ten minutes ahead is a node as any other', async () => {
  const shifted = join(machine.folder, 'ahead.mjs')
  writeFileSync(
    shifted,
    `const { now } = Date
Date.now = () => now() + ${aheadMs}
globalThis.Date = new Proxy(Date, {
  construct: (date, args) => (args.length > 0 ? new date(...args) : new date(date.now())),
})
`,
  )
  const command = [join(root, 'node_modules/.bin/reckon'), 'join', ...dataDirOf(machine)]
  await runOn(machine, 'env', `NODE_OPTIONS=--import=${shifted}`, ...command, '--detach')
  await until('w1 is Ready again', () => joined.isReady('w1'))
  await rolledOut()
  await worksAsEver()
})
