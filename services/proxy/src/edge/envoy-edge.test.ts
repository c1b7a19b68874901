import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import * as grpc from '@grpc/grpc-js'
import { silent } from '@reckon/eventing/bus'
import { systemClock } from '@reckon/process'
import { edgeFiles } from '@reckon/routing'
import { EnvoyEdge } from './envoy-edge.ts'
import { encodeMessage } from './envoy-messages.ts'
import { scopeType } from './resource-table.ts'

const path = '/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources'
const none = { clusters: new Map(), endpoints: new Map(), scopes: new Map() }
const plain = (bytes: Buffer) => bytes

async function servedEdge(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'exchanged-'))
  t.after(() => rm(folder, { recursive: true }))
  const stop = new AbortController()
  const [clock, signal] = [systemClock, stop.signal]
  const options = { folder, node: 'n', httpPort: 1, clock, log: silent, signal }
  const edge = new EnvoyEdge({ ...options, onRejected: () => {} })
  t.after(() => {
    stop.abort()
    edge.close()
  })
  await edge.apply({ ...none, certificates: new Map() })
  const socket = `unix:${edgeFiles(folder).xdsSocket}`
  /** Asks as an Envoy of this version does; resolves once it is answered, with how it ends. */
  const connect = async (minor_number: number) => {
    const client = new grpc.Client(socket, grpc.credentials.createInsecure())
    const stream = client.makeBidiStreamRequest(path, plain, plain)
    const version = { major_number: 1, minor_number, patch: 0 }
    const node = { id: 'n', user_agent_build_version: { version } }
    const request = encodeMessage('envoy.service.discovery.v3.DeltaDiscoveryRequest', {
      ...{ node, type_url: scopeType, resource_names_subscribe: ['*'] },
    })
    stream.on('error', () => {})
    const answered = Promise.withResolvers<void>()
    stream.once('data', () => answered.resolve())
    stream.write(Buffer.from(request))
    await answered.promise
    return () => {
      stream.cancel()
      client.close()
    }
  }
  return { edge, connect }
}

test('another version of Envoy is told of once it is alone, whether it took over or came after', async (t) => {
  const { edge, connect } = await servedEdge(t)
  let exchanged = Promise.withResolvers<void>()
  let count = 0
  edge.onExchanged(() => {
    count += 1
    exchanged.resolve()
  })
  const first = await connect(40)
  const again = await connect(40)
  first()
  const next = await connect(41)
  assert.equal(count, 0)
  again()
  await exchanged.promise
  assert.equal(count, 1)
  exchanged = Promise.withResolvers()
  next()
  const back = await connect(40)
  await exchanged.promise
  assert.equal(count, 2)
  back()
})
