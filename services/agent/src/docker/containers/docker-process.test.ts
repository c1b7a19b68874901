import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { test } from 'node:test'
import { StatusError } from '@reckon/kubernetes'
import Docker from 'dockerode'
import { runToEnd } from './docker-process.ts'

test('a command that is given up while the engine is away is told so, and breaks nothing', async (t) => {
  const server = createServer()
  t.after(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const socket = connect(port, '127.0.0.1')
  const [other] = await once(server, 'connection')
  t.after(() => other.destroy())
  const answers: unknown[] = [{}, socket]
  const engine = async () => {
    const answer = answers.shift()
    if (answer === undefined) throw new StatusError('ServiceUnavailable', 'the breaker is open')
    // What the engine answers is its own affair.
    return answer as never
  }
  const given = new AbortController()
  const asked = { command: ['sleep', '1000'], signal: given.signal }
  const running = runToEnd({ docker: new Docker({ host: '127.0.0.1', port }), engine }, 'id', asked)
  await new Promise(setImmediate)
  given.abort()
  await assert.rejects(running, { reason: 'ServiceUnavailable' })
})
