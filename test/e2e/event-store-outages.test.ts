import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type EventStoreProcess, eventStoreProcess } from '../contract/event-store-process.ts'
import { type Answer, type OpenWatch, openApi } from './ask-api.ts'
import { get, openCluster, type TestCluster, until } from './cluster.ts'
import { assertEqualsFreshFold } from './fresh-fold.ts'
import { untilQuiet, untilViewsReach } from './views.ts'

const outageMs = process.env.RECKON_TEST_LONG === '1' ? 60_000 : 8000
/** DESIGN: what a write or a waiting read may take while the store is away. */
const answerMsMax = 2000
const caughtUpMsMax = 5000
const writersCount = 8
const pauseMs = 50

const manifest = `
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec:
  terminationGracePeriodSeconds: 0
  containers:
  - name: c
    image: busybox
    command: [sh, -c, 'mkdir /www; echo alive > /www/index.html; exec httpd -f -p 80 -h /www']
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec:
  rules:
  - host: web.localhost
    http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
`
const configMaps = '/api/v1/namespaces/default/configmaps'

let store: EventStoreProcess
let cluster: TestCluster
let api: ReturnType<typeof openApi>
before(async () => {
  store = await eventStoreProcess()
  await store.start()
  cluster = await openCluster('event-store')
  await cluster.up('--event-store', store.url)
  api = openApi(cluster.dataDir)
  await cluster.apply(manifest)
  await cluster.kubectl('wait', 'pod/web', '--for=condition=Ready', '--timeout=60s')
  await until('the route answers', async () => (await route()).code === 200)
})
after(async () => {
  api?.close()
  store?.signal('SIGCONT')
  try {
    await cluster?.reset()
  } finally {
    await store?.remove()
  }
})

const route = () =>
  get(`http://127.0.0.1:${cluster.readCluster().ports.ingressHttp}/`, 'web.localhost')

type Written = Answer & { name: string }

/** Creates ConfigMaps one after the other, each once and under a name of its own, until told to stop. */
async function keepWriting(prefix: string, signal: AbortSignal): Promise<Written[]> {
  const written: Written[] = []
  for (let number = 0; !signal.aborted; number++) {
    const name = `${prefix}-${number}`
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } }
    written.push({ name, ...(await api.ask('POST', configMaps, object)) })
    await sleep(pauseMs)
  }
  return written
}

/** What must go on throughout; answers what did not. */
async function keepLooking(open: OpenWatch, signal: AbortSignal): Promise<string[]> {
  const complaints: string[] = []
  while (!signal.aborted) {
    const [read, page] = await Promise.all([
      api.ask('GET', `${configMaps}?resourceVersion=0`),
      route(),
    ])
    if (read.code !== 200) complaints.push(`a read of the view: ${read.code} ${read.body}`)
    if (page.code !== 200) complaints.push(`the route: ${page.code} ${page.body}`)
    if (open.hasEnded) complaints.push('the watch has ended')
    await sleep(pauseMs)
  }
  return complaints
}

const isRefusedSurely = ({ code, retryAfter }: Answer) => code === 503 && retryAfter !== undefined
const isUnknown = ({ code, retryAfter }: Answer) => code === 504 && retryAfter === undefined

async function namesOfCreated(): Promise<string[]> {
  const log = await cluster.reckon('log', '--type', 'ConfigMapCreated', '-o', 'json')
  return log
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { stream: string }).stream.split('/')[1] ?? '')
}

const outages = {
  killed: { begin: () => store.kill(), end: () => store.start() },
  hanging: {
    begin: async () => store.signal('SIGSTOP'),
    end: async () => store.signal('SIGCONT'),
  },
}
for (const [state, outage] of Object.entries(outages)) {
  test(`the event store ${state}: what needs it is refused in time, all else goes on, nothing is lost or doubled`, async (t) => {
    const containersBefore = await runningSince()
    const open = api.watch(`${configMaps}?watch=true`)
    t.after(() => open.close())
    const over = new AbortController()
    const looking = keepLooking(open, over.signal)
    const writing = Array.from({ length: writersCount }, (_, writer) =>
      keepWriting(`${state}-${writer}`, over.signal),
    )
    await sleep(1000)

    await outage.begin()
    await sleep(outageMs / 2)
    const waiting = await api.ask('GET', configMaps)
    assert.ok(isRefusedSurely(waiting), `a read that waits: ${waiting.code} ${waiting.body}`)
    assert.ok(waiting.ms < answerMsMax, `${waiting.ms} ms`)
    await sleep(outageMs / 2)
    await outage.end()

    await until('writes are accepted again', async () => {
      const name = `${state}-after-${performance.now().toFixed()}`
      const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } }
      return (await api.ask('POST', configMaps, object)).code === 201
    })
    await sleep(1000)
    over.abort()
    const written = (await Promise.all(writing)).flat()
    assert.deepEqual(await looking, [])

    for (const answer of written) {
      const { name, code, retryAfter, body, ms } = answer
      const isRight = code === 201 || isRefusedSurely(answer) || isUnknown(answer)
      assert.ok(isRight, `${name}: ${code}, Retry-After ${retryAfter}: ${body}`)
      assert.ok(ms < answerMsMax, `${name} was answered with ${code} after ${ms} ms`)
    }
    const count = (is: (answer: Answer) => boolean) => written.filter(is).length
    t.diagnostic(
      `${count(({ code }) => code === 201)} created, ${count(isRefusedSurely)} surely not, ${count(isUnknown)} unknown`,
    )
    assert.ok(count(isRefusedSurely) > 0)

    const created = await namesOfCreated()
    const recorded = new Set(created)
    assert.equal(recorded.size, created.length, 'nothing is recorded twice')
    for (const answer of written) {
      if (answer.code === 201) assert.ok(recorded.has(answer.name), `${answer.name} is lost`)
      if (isRefusedSurely(answer)) {
        assert.ok(!recorded.has(answer.name), `${answer.name} was refused, but is recorded`)
      }
    }
    const position = await untilQuiet(cluster.dataDir)
    await untilViewsReach(cluster.dataDir, position, caughtUpMsMax)
    await assertEqualsFreshFold(cluster.dataDir, api)
    const listed = await cluster.kubectl('get', 'configmaps', '-o', 'name')
    assert.deepEqual(new Set(listed.match(/(?<=configmap\/).+/g)), recorded)
    const told = open.events.map(({ object }) => object.metadata.name)
    assert.deepEqual(told.toSorted(), [...recorded].toSorted(), 'the watch told each of them once')
    assert.deepEqual(await runningSince(), containersBefore, 'the pod ran through it all')
  })
}

async function runningSince(): Promise<string[]> {
  const containers = await cluster.containers()
  return containers.map(({ Id, State, Created }) => `${Id} ${State} ${Created}`).toSorted()
}
