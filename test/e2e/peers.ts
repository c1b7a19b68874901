import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Pod, Service } from '@reckon/kubernetes'
import type { JoinedCluster } from './joined-cluster.ts'

const mebibytes = 1024
const transfer = readFileSync(join(import.meta.dirname, 'transfer.py'), 'utf8')

/** A pod on that node that serves its name, and a Service of it alone. */
const peer = (node: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${node}, labels: { app: peer, peer: ${node} } }
spec:
  terminationGracePeriodSeconds: 0
  nodeSelector: { kubernetes.io/hostname: ${node} }
  containers:
    - name: c
      image: busybox
      imagePullPolicy: IfNotPresent
      command: [sh, -c, 'mkdir /www; hostname > /www/name; exec httpd -f -p 8000 -h /www']
---
apiVersion: v1
kind: Service
metadata: { name: peer-${node} }
spec: { type: NodePort, selector: { peer: ${node} }, ports: [{ port: 80, targetPort: 8000 }] }
---
`

/** A pod on each of these nodes, for `eachReachesEach`. */
export async function startPeers(joined: JoinedCluster, nodes: readonly string[]): Promise<void> {
  await joined.cluster.apply(nodes.map(peer).join(''))
  await untilReady(joined, 'peer')
}

/** The pod on each node reaches the one on each by its address, by the address of a Service, and by its names. */
export async function eachReachesEach(joined: JoinedCluster): Promise<void> {
  const pods = await joined.pods('app=peer')
  for (const from of pods) {
    for (const { metadata, status } of pods) {
      const service = `peer-${metadata.name}`
      const { spec } = await joined.cluster.json<Service>('get', 'service', service)
      const long = `${service}.default.svc.cluster.local`
      for (const at of [`${status?.podIP}:8000`, spec.clusterIP, service, long]) {
        const ask = ['timeout', '5', 'wget', '-qO-', `http://${at}/name`]
        const told = await joined.cluster.kubectl('exec', from.metadata.name, '--', ...ask)
        assert.equal(told.trim(), metadata.name, `from ${from.metadata.name} at ${at}`)
      }
    }
  }
}

/** Pods on these two nodes, in the machines' own network or in the pods' network, for `transferred`. */
export async function startEnds(
  joined: JoinedCluster,
  kind: 'pods' | 'bare',
  nodes: readonly [string, string],
): Promise<void> {
  const end = (node: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${kind}-${node}, labels: { app: ${kind} } }
spec:
  terminationGracePeriodSeconds: 0
  hostNetwork: ${kind === 'bare'}
  nodeSelector: { kubernetes.io/hostname: ${node} }
  containers:
    - { name: c, image: 'flaskapp:0.0.2', command: [sleep, 1d] }
---
`
  await joined.cluster.apply(nodes.map(end).join(''))
  await untilReady(joined, kind)
}

/** What both ends report of a gigabyte; the listener first. */
export async function transferred(
  joined: JoinedCluster,
  kind: 'pods' | 'bare',
  what: 'exchange' | 'measure',
): Promise<[listening: string, asking: string]> {
  const [one, other] = await joined.pods(`app=${kind}`)
  assert.ok(one && other)
  const at = async (pod: Pod, where: string) => {
    const program = ['python3', '-c', transfer, where, what, `${mebibytes}`]
    return (await joined.cluster.kubectl('exec', pod.metadata.name, '--', ...program)).trim()
  }
  return Promise.all([at(one, 'listen'), at(other, one.status?.podIP ?? '')])
}

/** A gigabyte each way at once between the two pods arrives unchanged. */
export async function arrivesAsSent(joined: JoinedCluster): Promise<void> {
  const [listening, asking] = await transferred(joined, 'pods', 'exchange')
  assert.match(listening, /^[0-9a-f]{64} [0-9a-f]{64}$/)
  assert.deepEqual(asking.split(' '), listening.split(' ').toReversed())
}

const untilReady = ({ cluster }: JoinedCluster, app: string) =>
  cluster.kubectl('wait', 'pods', '-l', `app=${app}`, '--for=condition=Ready', '--timeout=60s')
