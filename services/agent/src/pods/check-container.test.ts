import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTimerClock } from '@reckon/eventing/timers'
import { systemIds } from '@reckon/process'
import { createSimulatedRuntime } from '../simulated/simulated-runtime.ts'
import { type Check, checkContainer } from './check-container.ts'

/** What a check asked for, and what it says of the container. */
async function checked(check: Check, { timeoutMs = 1_000, status = 200, isSilent = false } = {}) {
  const clock = createTimerClock()
  const asked: unknown[] = []
  const dialer = {
    http: async (request: object) => {
      asked.push(request)
      return isSilent ? new Promise<number>(() => {}) : status
    },
    connect: async (...connection: unknown[]) => void asked.push(connection),
    grpc: async (request: object) => {
      asked.push(request)
      return status === 200 ? 'SERVING' : 'NOT_SERVING'
    },
    open: async () => assert.fail('nobody asks for a connection'),
  }
  const simulated = createSimulatedRuntime({ clock, ids: systemIds }, { cpus: 1, memoryBytes: 1 })
  const exec = async (id: string, command: readonly string[]) => {
    asked.push([id, ...command])
    return { exitCode: command[0] === 'true' ? 0 : 3, output: '' }
  }
  const runtime = Object.assign(Object.create(simulated), { exec })
  const container = { name: 'c', ports: [{ name: 'http', containerPort: 8080 }] }
  const target = { id: 'id', container, host: '10.0.0.1' }
  return { why: await checkContainer({ runtime, dialer, clock }, check, target, timeoutMs), asked }
}

test('exec runs a command in the container, whose exit code counts', async () => {
  const { why, asked } = await checked({ exec: { command: ['true', 'indeed'] } })
  assert.deepEqual([why, asked], [undefined, [['id', 'true', 'indeed']]])
  const failed = await checked({ exec: { command: ['false'] } })
  assert.equal(failed.why, 'the command ended with 3')
})

test('httpGet asks the host, port, path and scheme that it names, with its httpHeaders', async () => {
  const httpHeaders = [{ name: 'Host', value: 'a.b' }]
  const httpGet = { host: '127.0.0.1', port: 'http', path: 'up', scheme: 'HTTPS', httpHeaders }
  const { why, asked } = await checked({ httpGet })
  assert.equal(why, undefined)
  assert.deepEqual(asked, [
    {
      ...{ scheme: 'https', host: '127.0.0.1', port: 8080, path: '/up' },
      ...{ headers: { Host: 'a.b' }, timeoutMs: 1_000 },
    },
  ])
  const refused = await checked({ httpGet: { port: 80 } }, { status: 500 })
  assert.equal(refused.why, 'HTTP probe failed with statuscode: 500')
})

test('tcpSocket connects to the port of the pod, or of the host that it names', async () => {
  const { asked } = await checked({ tcpSocket: { port: 80 } })
  assert.deepEqual(asked, [['10.0.0.1', 80, 1_000]])
  const elsewhere = await checked({ tcpSocket: { host: '127.0.0.1', port: 'http' } })
  assert.deepEqual(elsewhere.asked, [['127.0.0.1', 8080, 1_000]])
})

test('grpc asks a service of the port how it is', async () => {
  const { why, asked } = await checked({ grpc: { port: 80, service: 'tea' } })
  const request = { host: '10.0.0.1', port: 80, service: 'tea', timeoutMs: 1_000 }
  assert.deepEqual([why, asked], [undefined, [request]])
  const unwell = await checked({ grpc: { port: 80 } }, { status: 500 })
  assert.equal(unwell.why, 'service unhealthy (responded with "NOT_SERVING")')
})

test('what has not answered within its time (timeoutSeconds) has failed', async () => {
  const { why } = await checked({ httpGet: { port: 80 } }, { timeoutMs: 20, isSilent: true })
  assert.equal(why, 'no answer within 0.02s')
})
