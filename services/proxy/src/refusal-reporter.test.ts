import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryClock, createMemoryHub } from '@reckon/eventing/memory'
import { nodeReports } from '@reckon/node-plane'
import { RefusalReporter } from './refusal-reporter.ts'

function started(...outcomes: string[]) {
  const clock = createMemoryClock()
  const hub = createMemoryHub({ clock })
  const heard: string[] = []
  const api = hub.connect('api')
  api.subscribe(nodeReports('node-1'), (message) => {
    const { namespace, name, message: why } = JSON.parse(new TextDecoder().decode(message.data))
    heard.push(`${namespace}/${name}: ${why}`)
    const outcome = outcomes.shift() ?? 'Recorded'
    message.respond(new TextEncoder().encode(JSON.stringify({ outcome })))
  })
  const log = { info() {}, warn() {} }
  const stop = new AbortController()
  const ports = { bus: hub.connect('proxy'), clock, log }
  return { clock, heard, stop, reporter: new RefusalReporter(ports, 'node-1', stop.signal) }
}

test('a refused Ingress is told until an api has heard of it', async () => {
  const { clock, heard, reporter } = started('Busy', 'no such outcome')
  const told = reporter.tell('shop/site', '7', 'no such regex')
  await clock.advance(10_000)
  await told
  assert.deepEqual(heard, Array(3).fill('shop/site: no such regex'))
})

test('what was said of it last is told, and each Ingress by itself', async () => {
  const { clock, heard, reporter } = started('Busy')
  const told = reporter.tell('shop/site', '7', 'old')
  await reporter.tell('shop/site', '8', 'new')
  await clock.advance(0)
  const other = reporter.tell('shop/other', '9', 'bad')
  await clock.advance(10_000)
  await Promise.all([told, other])
  assert.deepEqual(heard, ['shop/site: old', 'shop/other: bad', 'shop/site: new'])
})
