import assert from 'node:assert/strict'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { connectBus } from '@reckon/eventing/nats'
import { findProcess, layoutOf, natsConfiguration, natsUsers, supervise } from '@reckon/supervisor'
import { freePort } from './free-port.ts'

const passwords = Object.fromEntries(
  ['api', 'scheduler', 'replicator', 'node-1', 'node-2'].map((user) => [user, `of ${user}`]),
)

test('a user is added while nats-server runs, and those who are there notice nothing', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'reckon-nats-'))
  const layout = layoutOf(folder)
  const file = join(folder, 'users.conf')
  const write = async (nodes: number) => {
    await writeFile(`${file}.new`, natsConfiguration(natsUsers({ nodes, passwords })))
    await rename(`${file}.new`, file)
  }
  await write(1)
  const port = await freePort()
  const args = ['--addr', '127.0.0.1', '--port', String(port), '-c', file]
  const server = { name: 'nats', command: 'nats-server', args, env: {}, stopTimeoutMs: 1000 }
  const stop = new AbortController()
  const reported: string[] = []
  const report = (_: string, message: string) => void reported.push(message)
  const supervising = supervise(layout, [{ ...server, rereads: file }], report, stop.signal)
  const connect = (user: string) =>
    connectBus({ servers: `127.0.0.1:${port}`, name: user, user, password: passwords[user] ?? '' })
  const [first, second] = [await connect('node-1'), await connect('node-2')]
  context.after(async () => {
    await Promise.all([first.close(), second.close()])
    stop.abort()
    await supervising
    const running = await findProcess(layout, 'nats')
    if (running) process.kill(running.pid)
    await running?.ended()
    await rm(folder, { recursive: true })
  })
  assert.deepEqual([first.connected, second.connected], [true, false])
  const before = first.reconnects
  await write(2)
  while (!second.connected) await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(first.reconnects, before)
  assert.deepEqual(reported.length, 1, reported.join())
})
