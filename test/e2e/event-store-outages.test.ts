import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type EventStoreProcess, eventStoreProcess } from '../contract/event-store-process.ts'
import { type Answer, type OpenWatch, openApi } from './ask-api.ts'
import { get, openCluster, type TestCluster, until } from './cluster.ts'
import { assertEqualsFreshFold } from './fresh-fold.ts'
import { configMaps, keepWriting, preparePatched, recordedTokens } from './one-time-writes.ts'
import { untilQuiet, untilViewsReach } from './views.ts'

const outageMs = process.env.RECKON_TEST_LONG === '1' ? 60_000 : 8000
/** DESIGN: what a write or a waiting read may take while the store is away. */
const answerMsMax = 2000
const caughtUpMsMax = 5000
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
  await preparePatched(api)
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
const isDone = ({ code }: Answer) => code === 200 || code === 201
const isUnknown = ({ code, retryAfter }: Answer) => code === 504 && retryAfter === undefined

async function tokensInLog(): Promise<string[]> {
  const log = await cluster.reckon('log', '-o', 'json')
  const lines = log.split('\n').filter(Boolean)
  return recordedTokens(lines.map((line) => JSON.parse(line)))
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
    t.after(() => over.abort())
    const looking = keepLooking(open, over.signal)
    const writing = keepWriting(api, state, over.signal)
    await sleep(1000)

    await outage.begin()
    await sleep(outageMs / 2)
    const waiting = await api.ask('GET', configMaps)
    assert.ok(isRefusedSurely(waiting), `a read that waits: ${waiting.code} ${waiting.body}`)
    assert.ok(waiting.ms < answerMsMax, `${waiting.ms} ms`)
    await sleep(outageMs / 2)
    await outage.end()

    await until(
      'the store is in use again',
      async () => (await api.ask('GET', configMaps)).code === 200,
      caughtUpMsMax,
    )
    await sleep(1000)
    over.abort()
    const written = await writing
    assert.deepEqual(await looking, [])

    for (const answer of written) {
      const { token, code, retryAfter, body, ms } = answer
      const isRight = isDone(answer) || isRefusedSurely(answer) || isUnknown(answer)
      assert.ok(isRight, `${token}: ${code}, Retry-After ${retryAfter}: ${body}`)
      assert.ok(ms < answerMsMax, `${token} was answered with ${code} after ${ms} ms`)
    }
    const tokens = (is: (answer: Answer) => boolean) => written.filter(is).map(({ token }) => token)
    const [done, refused, unknown] = [isDone, isRefusedSurely, isUnknown].map(tokens) as [
      string[],
      string[],
      string[],
    ]
    t.diagnostic(`${done.length} done, ${refused.length} not, ${unknown.length} unknown`)
    assert.ok(refused.length > 0)

    const inLog = await tokensInLog()
    const recorded = new Set(inLog)
    assert.equal(recorded.size, inLog.length, 'nothing is recorded twice')
    const lost = done.filter((token) => !recorded.has(token))
    assert.deepEqual(lost, [], 'what was acknowledged is recorded')
    const lies = refused.filter((token) => recorded.has(token))
    assert.deepEqual(lies, [], 'what was surely refused is not recorded')
    const position = await untilQuiet(cluster.dataDir)
    await untilViewsReach(cluster.dataDir, position, caughtUpMsMax)
    await assertEqualsFreshFold(cluster.dataDir, api)
    const added = open.events.filter(({ type }) => type === 'ADDED')
    const listed = await cluster.kubectl('get', 'configmaps', '-o', 'name')
    assert.deepEqual(
      added.map(({ object }) => object.metadata.name).toSorted(),
      listed.match(/(?<=configmap\/).+/g)?.toSorted(),
      'the watch told each of them once',
    )
    assert.deepEqual(await runningSince(), containersBefore, 'the pod ran through it all')
  })
}

async function runningSince(): Promise<string[]> {
  const containers = await cluster.containers()
  return containers.map(({ Id, State, Created }) => `${Id} ${State} ${Created}`).toSorted()
}
