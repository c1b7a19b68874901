import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ScalingDecision } from '@reckon/domain'
import type { HorizontalPodAutoscaler, Service } from '@reckon/kubernetes'
import { openCluster, type TestCluster, until } from './cluster.ts'
import { startLoad } from './ingress-load.ts'

/** Answers each request once it has counted for a while. */
const program = `
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Handler(BaseHTTPRequestHandler):
    wbufsize = -1
    def do_GET(self):
        sum(range(200000))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'ok')
    def log_message(self, *_):
        pass
class Server(ThreadingHTTPServer):
    request_queue_size = 256
Server(('', 8000), Handler).serve_forever()
`

/** Upstream's words for policies and windows, so short that all comes to pass within minutes. */
const up = { by: 1, periodSeconds: 30 }
const down = { by: 2, periodSeconds: 30, windowSeconds: 45 }
/** A decision is recorded a moment after it was made. */
const recordedWithinSeconds = 5

const manifest = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 1
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: c
          image: flaskapp:0.0.2
          command: [python3, -c, ${JSON.stringify(program)}]
          resources: { requests: { cpu: 100m } }
          readinessProbe: { tcpSocket: { port: 8000 }, periodSeconds: 1 }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8000 }] }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  minReplicas: 1
  maxReplicas: 4
  metrics:
    - type: Resource
      resource: { name: cpu, target: { type: Utilization, averageUtilization: 50 } }
  behavior:
    scaleUp:
      policies: [{ type: Pods, value: ${up.by}, periodSeconds: ${up.periodSeconds} }]
    scaleDown:
      stabilizationWindowSeconds: ${down.windowSeconds}
      policies: [{ type: Pods, value: ${down.by}, periodSeconds: ${down.periodSeconds} }]
`

let cluster: TestCluster
before(async () => {
  cluster = await openCluster('autoscaling')
  await cluster.up()
  await cluster.apply(manifest)
  await cluster.kubectl('rollout', 'status', 'deployment/web', '--timeout=60s')
})
after(() => cluster?.reset())

type Scaling = { time: string; decision: ScalingDecision }

async function scalings(): Promise<Scaling[]> {
  const told = await cluster.reckon('why', 'hpa/web', '-o', 'json')
  return (JSON.parse(told) as { scalings: Scaling[] }).scalings
}

const replicasAre = (replicas: number) =>
  until(
    `there are ${replicas}`,
    async () => {
      const { status } = await cluster.json<HorizontalPodAutoscaler>('get', 'hpa', 'web')
      return status?.currentReplicas === replicas && status.desiredReplicas === replicas
    },
    240_000,
  )

test('under load an autoscaler goes from 1 to 4 and back within its policies, and tells why', async () => {
  const { spec } = await cluster.json<Service>('get', 'service', 'web')
  const host = spec.clusterIP ?? ''
  const load = startLoad({ url: `http://${host}/`, host, methods: ['GET'], kept: 0, fresh: 6 })
  await replicasAre(4)
  await cluster.kubectl('rollout', 'status', 'deployment/web', '--timeout=60s')
  const { asked, failures } = await load.end()
  const endedAtMs = Date.now()
  assert.deepEqual(failures, [], `of ${asked}`)
  await replicasAre(1)

  const steps = await scalings()
  console.log(steps.map(({ time, decision: { from, to } }) => `${time} ${from} → ${to}`).join('\n'))
  const sizes = steps.map(({ decision: { to } }) => to)
  assert.deepEqual(sizes.slice(0, 3), [2, 3, 4])
  assert.equal(sizes.at(-1), 1)
  assert.deepEqual(sizes.slice(3), sizes.slice(3).toSorted().toReversed(), 'only down from then on')
  const changes = steps.map(({ time, decision: { from, to } }) => ({
    atMs: Date.parse(time),
    by: to - from,
  }))
  const within = (ways: typeof changes, { by, periodSeconds }: typeof up) => {
    const periodMs = (periodSeconds - recordedWithinSeconds) * 1000
    for (const { atMs } of ways) {
      const inPeriod = ways.filter((each) => each.atMs >= atMs && each.atMs < atMs + periodMs)
      const sum = inPeriod.reduce((total, each) => total + Math.abs(each.by), 0)
      assert.ok(sum <= by, `${sum} within ${periodSeconds} s of ${new Date(atMs).toISOString()}`)
    }
  }
  const [grown, shrunk] = [changes.slice(0, 3), changes.slice(3)]
  within(grown, up)
  within(shrunk, down)
  // More was wanted at the last look before the load ended, 15 s before that at most.
  const kept = endedAtMs + (down.windowSeconds - 15 - recordedWithinSeconds) * 1000
  assert.ok((shrunk[0]?.atMs ?? 0) >= kept, 'the window was waited for')

  const events = await cluster.kubectl('describe', 'hpa', 'web')
  const above = 'cpu resource utilization \\(percentage of request\\) above target'
  for (const size of [2, 3, 4]) {
    assert.match(events, RegExp(`SuccessfulRescale .*New size: ${size}; reason: ${above}`))
  }
  assert.match(events, /SuccessfulRescale .*New size: 1; reason: All metrics below target/)
  const why = await cluster.reckon('why', 'hpa/web')
  assert.match(why, /Scaled \d → 1 at \S+: All metrics below target/)
  assert.match(why, /cpu resource utilization \(percentage of request\) +\d+%\/50% +1 +\d ready/)
  assert.match(why, /3 → 4: cpu resource utilization/)
})
