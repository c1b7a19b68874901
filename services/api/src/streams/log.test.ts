import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { MalformedMessages, silent } from '@reckon/eventing'
import type { MemoryBus } from '@reckon/eventing/memory'
import { StatusError } from '@reckon/kubernetes'
import {
  type NodeStream,
  nodeCredentials,
  type StreamRequest,
  serveStreams,
} from '@reckon/node-plane'
import { systemClock as clock } from '@reckon/process'
import { inDefault, startedApi } from '../api.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
const stop = new AbortController()
let served: Promise<void>
const asked: StreamRequest[] = []
let say = async (_stream: NodeStream) => {}

before(async () => {
  api = await startedApi()
  const bus = api.hub.connect(undefined, nodeCredentials('a'))
  const answer = async (request: StreamRequest, stream: NodeStream) => {
    asked.push(request)
    await say(stream)
    return { type: 'Done', exitCode: 0 } as const
  }
  const malformed = new MalformedMessages(silent)
  served = serveStreams({ bus, clock, malformed }, 'a', answer, stop.signal)
  for (const [name, nodeName] of Object.entries({ web: 'a', pending: undefined })) {
    const spec = { ...(nodeName && { nodeName }), containers: [{ name: 'c', image: 'i' }] }
    const body = { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec }
    await api.ask('POST', inDefault('pods'), { body })
  }
  const running = { name: 'c', image: 'i', imageID: '', ready: true, restartCount: 0 }
  const containerStatuses = [
    { ...running, containerID: 'docker://4f2a', state: { running: { startedAt: null } } },
  ]
  const body = { status: { phase: 'Running', containerStatuses } }
  const type = 'application/merge-patch+json'
  const patched = await api.ask('PATCH', `${inDefault('pods')}/web/status`, { body, type })
  assert.equal(patched.code, 200, patched.text)
})

after(async () => {
  stop.abort()
  await served
  await api.close()
  assert.deepEqual(api.errors, [])
})

const logOf = (name: string, query = '') =>
  api.ask('GET', `${inDefault('pods')}/${name}/log${query && `?${query}`}`)

test("a log is asked of the pod's node with all that the client wants, and answered as text", async () => {
  say = async (stream) => {
    stream.confirm()
    for (const line of ['one\n', 'two\n']) await stream.write('stdout', Buffer.from(line))
  }
  const { code, text, headers } = await logOf('web', 'follow=true&tailLines=2&timestamps=1')
  assert.deepEqual([code, text, headers['content-type']], [200, 'one\ntwo\n', 'text/plain'])
  const [request] = asked
  assert.ok(request?.type === 'Log')
  assert.deepEqual([request.container, request.id, request.pod.name], ['c', '4f2a', 'web'])
  assert.deepEqual(request.options, { follow: true, timestamps: true, tailLines: 2 })
})

test("of a pod that is nowhere there is nothing to read; others are refused in upstream's words", async () => {
  assert.deepEqual([(await logOf('pending')).code, (await logOf('pending')).text], [200, ''])
  const message = async (name: string, query?: string) => (await logOf(name, query)).json.message
  assert.equal(await message('none'), 'pods "none" not found')
  assert.equal(await message('web', 'container=x'), 'container x is not valid for pod web')
  assert.equal(
    await message('web', 'previous=true'),
    'previous terminated container "c" in pod "web" not found',
  )
  assert.match(
    (await message('web', 'sinceSeconds=0&limitBytes=0')) ?? '',
    /PodLogOptions "" is invalid/,
  )
  assert.equal((await logOf('web', 'tailLines=x')).code, 400)
  const user = { name: 'eve', groups: ['system:authenticated'] }
  const forbidden = await api.ask('GET', `${inDefault('pods')}/web/log`, { user })
  assert.match(forbidden.json.message ?? '', /cannot get resource "pods\/log" in API group ""/)
  say = async () => {
    throw new StatusError('NotFound', 'container not found ("c")')
  }
  assert.equal((await logOf('web')).code, 404)
})

test('a node that cannot be asked is a 503', async () => {
  const wire = api.ports.streams as MemoryBus
  wire.lose()
  const { code, json } = await logOf('web')
  assert.deepEqual([code, json.message], [503, 'node "a" does not answer'])
  wire.find()
})
