import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryHub } from '@reckon/eventing/memory'
import { nodeHeartbeat } from '@reckon/node-plane'
import { Heartbeats } from './heartbeats.ts'

test('a node that has been silent for a day is forgotten, and no other', async () => {
  const hourMs = 60 * 60 * 1000
  const hub = createMemoryHub()
  let nowMs = 0
  const heartbeats = new Heartbeats({ bus: hub.connect('api'), clock: { now: () => nowMs } })
  const node = hub.connect('node')
  const beat = async (name: string) => {
    const heard = new Promise<void>((resolve) => {
      hub.connect('listener').subscribe(nodeHeartbeat(name), () => resolve())
    })
    node.publish(nodeHeartbeat(name), new Uint8Array())
    await heard
  }
  await beat('gone')
  await beat('stays')
  nowMs = 20 * hourMs
  await beat('stays')
  nowMs = 25 * hourMs
  await beat('new')
  const known = ['gone', 'stays', 'new'].map((name) => heartbeats.lastMs(name))
  assert.deepEqual(known, [undefined, 20 * hourMs, 25 * hourMs])
})
