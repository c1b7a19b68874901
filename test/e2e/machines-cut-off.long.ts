import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pod } from '@reckon/kubernetes'
import Docker from 'dockerode'
import { until } from './cluster.ts'
import { JoinedCluster, runOn } from './joined-cluster.ts'
import type { Machine } from './machines.ts'

const graceSeconds = 10
const cutOffMs = 120_000
const askEveryMs = 5_000

/**
 * A pod of a kind that says its name on 8000; on w1 alone, where that is said. One without any grace would be gone at
 * once for everybody, wherever it is.
 */
const template = (name: string, onW1: boolean) => `
    metadata: { labels: { app: ${name} } }
    spec:
      terminationGracePeriodSeconds: 1
      ${onW1 ? 'nodeSelector: { kubernetes.io/hostname: w1 }' : ''}
      containers:
        - name: c
          image: busybox
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'mkdir /www; hostname > /www/name; exec httpd -f -p 8000 -h /www']
`
const manifest = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 6
  selector: { matchLabels: { app: web } }
  template: ${template('web', false)}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: local }
spec:
  replicas: 2
  serviceName: local
  selector: { matchLabels: { app: local } }
  template: ${template('local', true)}
---
apiVersion: v1
kind: Service
metadata: { name: local }
spec: { selector: { app: local }, ports: [{ port: 80, targetPort: 8000 }] }
`

let joined: JoinedCluster
before(async () => {
  const timeouts = ['--node-grace', `${graceSeconds}`, '--default-toleration', '1']
  joined = await JoinedCluster.open('cut-off', timeouts)
  for (const name of ['w1', 'w2']) await joined.join(name)
  await joined.cluster.apply(manifest)
  for (const each of ['deployment/web', 'statefulset/local']) {
    await joined.cluster.kubectl('rollout', 'status', each, '--timeout=120s')
  }
})
after(() => joined?.close())

/** What a pod's container prints, asked at its machine's engine: no api is needed for it. */
async function execOn({ enter, dockerSocket }: Machine, pod: Pod, ...command: string[]) {
  const docker = new Docker({ socketPath: dockerSocket })
  const label = [`reckon.pod.uid=${pod.metadata.uid}`, 'reckon.container=c']
  const [container] = await docker.listContainers({ filters: { label } })
  assert.ok(container, `${pod.metadata.name} has no container`)
  const engine = ['docker', '-H', `unix://${dockerSocket}`]
  return runOn({ enter } as Machine, ...engine, 'exec', container.Id, ...command)
}

test('a machine that is cut off serves its own pods by name and address; back, everything is as wanted and nothing is there twice', async () => {
  const machine = joined.machine('w1')
  const local = await joined.pods('app=local')
  assert.equal(local.length, 2)
  machine.setLink('down')
  await until('w1 is given up', async () => !(await joined.isReady('w1')))
  const end = performance.now() + cutOffMs
  const served = new Set<string>()
  while (performance.now() < end) {
    for (const pod of local) {
      const addresses = local.map(({ status }) => `${status?.podIP}:8000`)
      for (const at of ['local', ...addresses]) {
        const ask = ['timeout', '5', 'wget', '-qO-', `http://${at}/name`]
        served.add((await execOn(machine, pod, ...ask)).trim())
      }
    }
    await sleep(askEveryMs)
  }
  assert.deepEqual([...served].sort(), ['local-0', 'local-1'])
  const web = await joined.pods('app=web')
  assert.equal(web.length, 6)
  assert.ok(web.every(({ spec }) => spec.nodeName !== 'w1'))
  const { items } = await joined.cluster.json<{ items: Pod[] }>('get', 'pods', '-l', 'app=local')
  const uidsOf = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata.uid).sort()
  assert.deepEqual(uidsOf(items), uidsOf(local), 'while the machine may live, none takes its name')

  machine.setLink('up')
  await until('w1 is Ready again', () => joined.isReady('w1'))
  await joined.cluster.kubectl('rollout', 'status', 'statefulset/local', '--timeout=120s')
  await joined.untilAsWanted()
})
