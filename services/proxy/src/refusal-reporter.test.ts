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
  return {
    bus: ports.bus,
    clock,
    heard,
    stop,
    reporter: new RefusalReporter(ports, 'node-1', stop.signal),
  }
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

test('what was said of a version that is no longer wanted is told no more; what is said of the next one is', async () => {
  const { clock, heard, reporter } = started('Busy', 'Busy')
  const told = reporter.tell('shop/site', '7', 'old')
  await clock.advance(0)
  reporter.forget('shop/site')
  await clock.advance(10_000)
  await told
  assert.deepEqual(heard, ['shop/site: old'])

  const again = reporter.tell('shop/site', '8', 'bad')
  await clock.advance(0)
  reporter.forget('shop/site')
  const newest = reporter.tell('shop/site', '9', 'worse')
  await clock.advance(10_000)
  await Promise.all([again, newest])
  assert.deepEqual(heard.slice(1), ['shop/site: bad', 'shop/site: worse'])
})

test('what the wire refuses, or an api, is logged and given up', async () => {
  const clock = createMemoryClock()
  const mute = { user: 'proxy', permissions: { publish: [], subscribe: [] } }
  const buses = [
    createMemoryHub({ clock }).connect('proxy', mute),
    createMemoryHub({ clock, payloadBytesMax: 8 }).connect('proxy'),
    started('Refused').bus,
  ]
  for (const bus of buses) {
    const warnings: string[] = []
    const log = { info() {}, warn: (_fields: object, what: string) => warnings.push(what) }
    const reporter = new RefusalReporter(
      { bus, clock, log },
      'node-1',
      new AbortController().signal,
    )
    await reporter.tell('shop/site', '7', 'no such regex')
    assert.deepEqual(warnings.slice(1), ['a report was refused'])
  }
})

test('however much Envoy says, an api takes it', async () => {
  const { heard, reporter } = started()
  await reporter.tell('shop/site', '7', 'x'.repeat(2_000_000))
  assert.equal(heard[0]?.length, 'shop/site: '.length + 2_048)
})

test('of what Envoy quotes nothing is told, but why it is refused', async () => {
  const { heard, reporter } = started()
  const why = 'Proto constraint validation failed (RegexRewrite: value does not match)'
  const routes = 'goo.gle/debugproto \nname: "s7"\nroute {\n  name: "a\\n: b"\n}\n'.repeat(900)
  await reporter.tell('shop/site', '7', `${routes}: ${why}`)
  assert.deepEqual(heard, [`shop/site: ${why}`])
})
