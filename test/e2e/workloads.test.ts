import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openCluster, type TestCluster, until } from './cluster.ts'

const soon = '--timeout=60s'

type Listed = { items: object[] }

let cluster: TestCluster
before(async () => {
  cluster = await openCluster('workloads')
  await cluster.up('--runtime', 'simulated', '--nodes', '2')
})
after(() => cluster?.reset())

test('each kind of the examples comes true, and its columns say so', async () => {
  await cluster.kubectl('apply', '-f', 'examples/workloads')
  const wait = (what: string, path: string, value: string) =>
    cluster.kubectl('wait', what, `--for=jsonpath={${path}}=${value}`, soon)
  await cluster.kubectl('rollout', 'status', 'statefulset/db', soon)
  await cluster.kubectl('rollout', 'status', 'daemonset/log', soon)
  await wait('rc/nginx', '.status.readyReplicas', '2')
  await wait('job/sum', '.status.active', '2')
  await cluster.kubectl('create', 'job', 'now', '--from=cronjob/hello')
  await wait('job/now', '.status.active', '1')
  const rows: readonly [kind: string, row: RegExp][] = [
    ['statefulset', /^db +3\/3 +[\dms]+$/m],
    ['daemonset', /^log +2 +2 +2 +2 +2 +<none> +[\dms]+$/m],
    ['rc', /^nginx +2 +2 +2 +[\dms]+$/m],
    ['job/sum', /^sum +Running +0\/3 +[\dms]+ +[\dms]+$/m],
    ['cronjob', /^hello +\* \* \* \* \* +Europe\/Berlin +False +\d +\S+ +[\dms]+$/m],
    ['pods', /^db-2 +1\/1 +Running +0 +[\dms]+$/m],
  ]
  for (const [kind, row] of rows) assert.match(await cluster.kubectl('get', kind), row)
  await cluster.kubectl('delete', '-f', 'examples/workloads')
  await cluster.kubectl('delete', 'job', 'now', '--ignore-not-found')
  await until('nothing is left', async () => {
    const { items } = await cluster.json<Listed>('get', 'pods,jobs,controllerrevisions')
    return items.length === 0
  })
})
