import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { configMap, inDefault, startedApi } from '@reckon/api/fixture'
import { makeCertificates } from './certificates.ts'

let api: Awaited<ReturnType<typeof startedApi>>
let folder: string
let port: number
let ada: ConnectionOptions
let nobody: ConnectionOptions

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reckon-connections-'))
  const { ca, tls, admin } = makeCertificates(folder)
  nobody = { ca: readFileSync(ca) }
  ada = { ...nobody, cert: readFileSync(admin.cert), key: readFileSync(admin.key) }
  api = await startedApi({ tls })
  await api.app.listen({ host: '127.0.0.1', port: 0 })
  port = (api.app.server.address() as AddressInfo).port
})

after(async () => {
  await api?.close()
  await rm(folder, { recursive: true, force: true })
  assert.deepEqual(api?.errors, [])
})

type Heard = { code: number; socket: TLSSocket }

/** Creates a ConfigMap over an agent's connection. */
function create(agent: Agent, name: string): Promise<Heard> {
  const path = inDefault('configmaps')
  const headers = { 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method: 'POST', headers, agent })
    asked.once('response', (response) => {
      const { statusCode = 0, socket } = response
      response
        .resume()
        .once('end', () => resolve({ code: statusCode, socket: socket as TLSSocket }))
    })
    asked.once('error', reject)
    asked.end(JSON.stringify(configMap(name)))
  })
}

/** Who created it, says the log. */
async function creatorOf(name: string): Promise<unknown> {
  const events = await Array.fromAsync(api.ports.log.readStream(`configmaps-default/${name}`))
  return events[0]?.metadata?.actor?.user
}

test('one connection is one user for all its requests, and another connection another', async () => {
  const [hers, others] = [ada, nobody].map(
    (identity) => new Agent({ ...identity, keepAlive: true, maxSockets: 1 }),
  ) as [Agent, Agent]
  const first = await create(hers, 'first')
  const refused = await create(others, 'refused')
  const second = await create(hers, 'second')
  assert.deepEqual([first.code, refused.code, second.code], [201, 403, 201])
  assert.equal(second.socket, first.socket)
  assert.deepEqual([await creatorOf('first'), await creatorOf('second')], ['ada', 'ada'])
  hers.destroy()
  others.destroy()
})

test('plain HTTP is told that this is a server of HTTPS', async () => {
  const answer = await fetch(`http://127.0.0.1:${port}/version`)
  assert.equal(answer.status, 400)
  assert.equal(await answer.text(), 'Client sent an HTTP request to an HTTPS server.\n')
})

test('a connection that resumes a TLS session is the same user', async () => {
  const agent = new Agent({ ...ada, keepAlive: false })
  const first = await create(agent, 'before')
  await once(first.socket, 'close')
  const resumed = await create(agent, 'resumed')
  assert.ok(resumed.socket.isSessionReused())
  assert.deepEqual([resumed.code, await creatorOf('resumed')], [201, 'ada'])
})

test('nobody becomes someone else by another handshake within a connection', async () => {
  const socket = connect({ ...ada, host: '127.0.0.1', port, maxVersion: 'TLSv1.2' })
  await once(socket, 'secureConnect')
  const errors: NodeJS.ErrnoException[] = []
  socket.on('error', (error) => errors.push(error))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.renegotiate({}, () => undefined)
  await closed
  assert.equal(errors[0]?.code, 'ERR_SSL_NO_RENEGOTIATION')
})
