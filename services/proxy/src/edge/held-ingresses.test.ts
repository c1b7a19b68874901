import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import type { HeldIngresses } from '../edge-gate.ts'
import { heldIngressesIn } from './held-ingresses.ts'

let folder: string
let path: string
let warnings: string[]
let envoy: string | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'held-'))
  path = join(folder, 'held-ingresses.json')
  warnings = []
  envoy = '1.40.0'
})
afterEach(() => rm(folder, { recursive: true }))

const memory = () =>
  heldIngressesIn(path, {
    log: { info() {}, warn: (_fields, what) => warnings.push(what) },
    envoyVersion: async () => envoy,
  })
const rule = {
  match: 'Prefix',
  path: '/',
  backend: { namespace: 'n', service: 's', port: 80 },
  origin: { ingress: 'n/one', position: '1' },
} as const
const held: HeldIngresses = {
  refused: new Map([['n/one', '2']]),
  rules: new Map([['a.test', { host: 'a.test', paths: [rule] }]]),
}
const nothing: HeldIngresses = { refused: new Map(), rules: new Map() }

test('what is written is read by the next process, also before its Envoy runs', async () => {
  assert.deepEqual(await memory().read(), nothing)
  assert.equal(await memory().write(held), true)
  assert.deepEqual(await memory().read(), held)
  envoy = undefined
  assert.deepEqual(await memory().read(), held)
  assert.deepEqual(await readdir(folder), ['held-ingresses.json'])
  assert.deepEqual(warnings, [])
})

test('what is torn, empty, foreign or of another form counts as nothing, and is logged', async () => {
  await memory().write(held)
  const whole = await readFile(path, 'utf8')
  const { form, ...formless } = JSON.parse(whole)
  const others = [
    whole.slice(0, -7),
    '',
    'null',
    '[]',
    '{"form":1,"refused":7,"rules":[]}',
    '{"form":1,"refused":[],"rules":[["a.test",{"paths":[{}]}]]}',
    JSON.stringify(formless),
    JSON.stringify({ ...formless, form: form + 1 }),
  ]
  for (const text of others) {
    await writeFile(path, text)
    assert.deepEqual(await memory().read(), nothing, text)
  }
  assert.equal(warnings.length, others.length)
})

test('another Envoy may take what the one before refused: it begins with nothing', async () => {
  await memory().write(held)
  envoy = '1.41.0'
  assert.deepEqual(await memory().read(), nothing)
})

test('where nothing can be read or written, nothing is held up', async () => {
  path = join(folder, 'absent', 'held-ingresses.json')
  assert.equal(await memory().write(held), false)
  path = folder
  assert.deepEqual(await memory().read(), nothing)
  assert.equal(warnings.length, 2)
})
