import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startedApi } from '@reckon/api/fixture'
import { findKubectls } from '@reckon/bootstrap'
import { MalformedMessages, silent } from '@reckon/eventing'
import {
  type NodeStream,
  nodeCredentials,
  type StreamOutcome,
  type StreamRequest,
  serveStreams,
} from '@reckon/node-plane'
import { systemClock as clock } from '@reckon/process'
import { makeCertificates } from './certificates.ts'

const port = 26_444
const kubectls = (await findKubectls()).filter(({ version }) => /^v?1\.(27|30|33)\b/.test(version))

let api: Awaited<ReturnType<typeof startedApi>>
let folder: string
let identity: readonly string[]
const stop = new AbortController()
let served: Promise<void>
/** Is called when somebody who looked on is gone. */
let onGone = () => {}

/** A node on which every command says what it is told, and every port too. */
async function answer(request: StreamRequest, stream: NodeStream): Promise<StreamOutcome> {
  stream.signal.addEventListener('abort', () => onGone())
  stream.confirm()
  if (request.type === 'Exec') {
    await stream.write('stdout', Buffer.from(`${request.command.join(' ')}\n`))
    if (request.streams.stderr) await stream.write('stderr', Buffer.from('an error\n'))
  }
  const isRead = request.type === 'PortForward' || ('streams' in request && request.streams.stdin)
  if (isRead) for await (const said of stream.read('stdin')) await stream.write('stdout', said)
  stream.close('stdout')
  return { type: 'Done', exitCode: request.type === 'Exec' ? 3 : 0 }
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reckon-streams-'))
  const { ca, tls, admin } = makeCertificates(folder)
  identity = [
    `--server=https://127.0.0.1:${port}`,
    `--cache-dir=${join(folder, 'cache')}`,
    `--certificate-authority=${ca}`,
    `--client-certificate=${admin.cert}`,
    `--client-key=${admin.key}`,
  ]
  api = await startedApi({ tls })
  const bus = api.hub.connect(undefined, nodeCredentials('a'))
  const malformed = new MalformedMessages(silent)
  served = serveStreams({ bus, clock, malformed }, 'a', answer, stop.signal)
  await api.app.listen({ host: '127.0.0.1', port })
  const [{ path = '' } = {}] = kubectls
  const spec = { nodeName: 'a', containers: [{ name: 'c', image: 'i' }] }
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec }
  await kubectl(path, ['create', '-f', '-'], JSON.stringify(pod))
  const state = { running: { startedAt: null } }
  const running = { name: 'c', image: 'i', imageID: '', ready: true, restartCount: 0, state }
  const containerStatuses = [{ ...running, containerID: 'docker://4f2a' }]
  const status = JSON.stringify({ status: { phase: 'Running', containerStatuses } })
  const patch = ['patch', 'pod', 'web', '--subresource=status', '--type=merge', '-p', status]
  const patched = await kubectl(path, patch)
  assert.equal(patched.code, 0, patched.stderr)
})

after(async () => {
  stop.abort()
  await served
  await api?.close()
  await rm(folder, { recursive: true, force: true })
  assert.deepEqual(api?.errors, [])
})

const started = (path: string, args: readonly string[]) =>
  spawn(path, [...identity, ...args], { env: { ...process.env, KUBECONFIG: '/dev/null' } })

async function kubectl(path: string, args: readonly string[], input = '') {
  const child = started(path, args)
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (part) => {
    said.stdout += part
  })
  child.stderr.on('data', (part) => {
    said.stderr += part
  })
  child.stdin.end(input)
  const [code] = await once(child, 'close')
  return { code, ...said }
}

/** Resolves with what it has said once that is like this. */
async function until(child: ReturnType<typeof started>, wanted: RegExp): Promise<RegExpExecArray> {
  let text = ''
  for await (const part of child.stdout.iterator({ destroyOnReturn: false })) {
    text += part
    const found = wanted.exec(text)
    if (found) return found
  }
  throw new Error(`it ended without ${wanted}: ${text}`)
}

for (const { path, version } of kubectls) {
  test(`kubectl ${version}: a command's outputs, its input and its exit code go through`, async () => {
    const ran = await kubectl(path, ['exec', 'web', '--', 'say', 'a word'])
    assert.deepEqual([ran.code, ran.stdout], [3, 'say a word\n'])
    assert.match(ran.stderr, /^an error\n/)
    const input = 'line\n'.repeat(200_000)
    const piped = await kubectl(path, ['exec', '-i', 'web', '--', 'cat'], input)
    assert.equal(piped.code, 3)
    assert.ok(piped.stdout === `cat\n${input}`, 'what was said came back')
    const attached = await kubectl(path, ['attach', '-i', 'web'], 'hello\n')
    assert.match(attached.stdout, /hello\n/)
  })

  test(`kubectl ${version}: what may not be joined is refused in upstream's words`, async () => {
    const unknown = await kubectl(path, ['exec', 'web', '-c', 'x', '--', 'true'])
    assert.match(unknown.stderr, /container x is not valid for pod web/)
    const stranger = ['--as=eve', 'exec', 'web', '--', 'true']
    const { stderr } = await kubectl(path, stranger)
    assert.match(stderr, /User "eve" cannot get resource "pods" in API group ""/)
  })

  test(`kubectl ${version}: a client that is killed ends what the node does for it`, async () => {
    const child = started(path, ['exec', '-i', 'web', '--', 'wait'])
    await until(child, /wait\n/)
    const gone = new Promise<void>((resolve) => {
      onGone = resolve
    })
    child.kill('SIGKILL')
    await gone
  })

  test(`kubectl ${version}: ports are forwarded, many connections at once`, async () => {
    const child = started(path, ['port-forward', 'pod/web', ':80'])
    const [, local] = await until(child, /127\.0\.0\.1:(\d+) -> 80/)
    child.stdout.resume()
    const said = Array.from({ length: 20 }, (_, index) => Buffer.alloc(100_000, index))
    assert.deepEqual(await Promise.all(said.map((bytes) => echoed(Number(local), bytes))), said)
    child.kill()
    await once(child, 'close')
  })
}

/** What comes back of what is said to a port. */
async function echoed(localPort: number, said: Buffer): Promise<Buffer> {
  const socket = connect({ host: '127.0.0.1', port: localPort, allowHalfOpen: true })
  socket.end(said)
  return Buffer.concat(await Array.fromAsync(socket))
}
