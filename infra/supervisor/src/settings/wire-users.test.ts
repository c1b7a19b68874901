import assert from 'node:assert/strict'
import { watch, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { layoutOf } from '../layout.ts'
import { settleClusterFile } from './settle-cluster-file.ts'
import { keepNatsConfiguration } from './wire-users.ts'

test("what hinders nats-server's users from being written is told, and they are written with the next", async (t) => {
  const layout = layoutOf(await mkdtemp(join(tmpdir(), 'wire-users-')))
  const stop = new AbortController()
  t.after(() => {
    stop.abort()
    // What is being written still may come between.
    return rm(layout.dataDir, { recursive: true, maxRetries: 5 })
  })
  const cluster = await settleClusterFile(layout, { runtime: 'simulated' }, () => {})
  // In the way of the file, as a full disk is.
  await mkdir(layout.natsConfiguration, { recursive: true })
  const told = Promise.withResolvers<string>()
  const letIn = (key: string) =>
    writeFileSync(layout.joinedNodes, JSON.stringify([{ node: 'w1', key }]))
  letIn('U1')
  const report = (name: string, message: string) => told.resolve(`${name} ${message}`)
  keepNatsConfiguration(layout, cluster, { report, signal: stop.signal })
  assert.match(await told.promise, /^nats its users could not be written: /)

  const written = new Promise<void>((resolve) => {
    const { signal } = stop
    watch(dirname(layout.natsConfiguration), { signal }, () => {
      const text = readFile(layout.natsConfiguration, 'utf8').catch(() => '')
      void text.then((users) => users.includes('nkey: U2') && resolve())
    })
  })
  await rm(layout.natsConfiguration, { recursive: true })
  letIn('U2')
  await written
})

test('who was let in before anybody watched is a user, too', async (t) => {
  const layout = layoutOf(await mkdtemp(join(tmpdir(), 'wire-users-')))
  const stop = new AbortController()
  t.after(() => {
    stop.abort()
    // What is being written still may come between.
    return rm(layout.dataDir, { recursive: true, maxRetries: 5 })
  })
  const cluster = await settleClusterFile(layout, { runtime: 'simulated' }, () => {})
  await mkdir(dirname(layout.natsConfiguration), { recursive: true })
  writeFileSync(layout.joinedNodes, JSON.stringify([{ node: 'w1', key: 'U1' }]))
  const replaced = new Promise<void>((resolve) => {
    const { signal } = stop
    watch(dirname(layout.natsConfiguration), { signal }, (_, changed) => {
      if (changed === 'nats-server.conf') resolve()
    })
  })
  keepNatsConfiguration(layout, cluster, { report: () => {}, signal: stop.signal })
  await replaced
  assert.match(await readFile(layout.natsConfiguration, 'utf8'), /nkey: U1/)
})
