import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { RunningEdge } from './edge.fixture.ts'
import { stopProcess } from './envoy.fixture.ts'
import { ingress, service, slice } from './objects.fixture.ts'

// Backends are processes that come and go while requests are under way, each as its agent would end it: first its
// endpoint is gone, then it is told to end.

const rounds = process.env.RECKON_TEST_LONG === '1' ? 200 : 8
type Backend = { child: ChildProcess; port: number }

let edge: RunningEdge
let done: string
const running: Backend[] = []
before(async () => {
  edge = await RunningEdge.start([])
  done = join(edge.folder, 'done')
})
after(async () => {
  for (const { child } of running) await stopProcess(child, 'SIGKILL')
  await edge.close()
})

async function begin(): Promise<void> {
  const program = join(import.meta.dirname, 'counting-backend.fixture.ts')
  const child = spawn(process.execPath, [program, done], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = await once(child.stdout, 'data')
  running.push({ child, port: Number(port) })
}

const apply = (backends: readonly Backend[], extra: readonly string[] = []) =>
  edge.apply({
    ingresses: ['web', ...extra].map((name) =>
      ingress(name, `${name}.test`, { '/': { service: 'web' } }),
    ),
    services: [service('web')],
    slices: slice(
      'web',
      backends.map(({ port }) => port),
    ),
  })

/** As an agent gives Envoy's workers, which take up what its main thread has acknowledged a moment later. */
const workersMs = 50

/** The eldest goes; it is told so once no edge knows it. */
async function endEldest(): Promise<void> {
  const eldest = running.shift()
  await apply(running)
  await sleep(workersMs)
  if (eldest) await stopProcess(eldest.child)
}

function startLoad(methods: readonly string[]) {
  const failures: string[] = []
  const acknowledged: string[] = []
  const kept = new Agent({ keepAlive: true })
  let isGoing = true
  const workers = Array.from({ length: 8 }, async (_, worker) => {
    for (let number = 0; isGoing; number++) {
      const method = methods[number % methods.length] ?? 'GET'
      const said = `${worker}-${number}`
      const outcome = await ask(method, said, worker % 2 === 0 ? kept : false)
      if (outcome !== '200 ok') failures.push(`${method} ${said}: ${outcome}`)
      else if (method === 'POST') acknowledged.push(said)
    }
  })
  return async () => {
    isGoing = false
    await Promise.all(workers)
    kept.destroy()
    return { failures, acknowledged }
  }
}

function ask(method: string, said: string, agent: Agent | false): Promise<string> {
  return new Promise((resolve) => {
    const headers = { host: 'web.test' }
    const to = { host: '127.0.0.1', port: edge.port, path: '/', method, headers, agent }
    const outgoing = request(to, async (incoming) => {
      let body = ''
      for await (const part of incoming) body += part
      resolve(`${incoming.statusCode} ${body}`)
    })
    outgoing.on('error', (error) => resolve(error.message))
    outgoing.end(method === 'POST' ? said : undefined)
  })
}

test('backends roll, become more and fewer, routes come and go: no request fails, each POST is carried out once', async () => {
  for (let count = 0; count < 2; count++) await begin()
  await apply(running)
  const end = startLoad(['GET', 'POST'])
  for (let round = 0; round < rounds; round++) {
    await begin()
    await apply(running, [`extra-${round}`])
    await endEldest()
    if (round % 4 === 1) await endEldest()
    if (round % 4 === 3) await begin()
  }
  const { failures, acknowledged } = await end()
  assert.deepEqual(failures, [])
  const carriedOut = (await readFile(done, 'utf8')).trim().split('\n')
  assert.deepEqual(carriedOut.toSorted(), acknowledged.toSorted())
})

test('backends are killed, and are missed only later: no GET fails', async () => {
  while (running.length < 3) await begin()
  await apply(running)
  const end = startLoad(['GET'])
  for (let round = 0; round < rounds / 2; round++) {
    const killed = running.shift()
    if (killed) await stopProcess(killed.child, 'SIGKILL')
    await begin()
    await apply(running)
  }
  assert.deepEqual((await end()).failures, [])
})
