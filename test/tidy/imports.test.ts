import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTest, type SourceFile, sourceFiles } from './source-files.ts'

const packages = [
  'kubernetes',
  'eventing',
  'node-plane',
  'domain',
  'writing',
  'scheduling',
  'routing',
  'process',
  'dashboard',
]
const services = ['api', 'scheduler', 'replicator', 'agent', 'proxy']

/** Which of our packages each part may import; the table in ARCHITECTURE.md says why. */
const allowed: Record<string, readonly string[]> = {
  'packages/kubernetes': [],
  'packages/eventing': ['kubernetes'],
  'packages/node-plane': ['kubernetes', 'eventing'],
  'packages/domain': ['kubernetes', 'eventing', 'node-plane'],
  'packages/writing': ['kubernetes', 'eventing', 'node-plane', 'domain'],
  'packages/scheduling': ['kubernetes', 'eventing', 'domain'],
  'packages/routing': ['kubernetes'],
  'packages/process': ['kubernetes', 'eventing'],
  'packages/dashboard': [],
  ...Object.fromEntries(services.map((service) => [`services/${service}`, packages])),
  'services/agent': ['kubernetes', 'eventing', 'node-plane', 'routing', 'process'],
  'services/proxy': ['kubernetes', 'eventing', 'node-plane', 'routing', 'process'],
  'infra/event-store': packages,
  'infra/bootstrap': packages,
  'infra/supervisor': [...packages, ...services, 'bootstrap', 'event-store', 'examples'],
  cli: [...packages, 'bootstrap', 'event-store', 'supervisor', 'examples'],
  examples: [],
}

/** Pure parts import only types of eventing: what awaits comes in as a port. */
const typesOnly = ['packages/scheduling']

const partOf = ({ path }: SourceFile): string | undefined =>
  Object.keys(allowed).find((part) => path.startsWith(`${part}/`))

const importsOf = ({ text }: SourceFile) =>
  [
    ...text.matchAll(
      /^(?:import|export)\b(?:\s+type\b)?[^'"]*?from\s+'([^']+)'|^import '([^']+)'/gms,
    ),
  ].map((match) => ({ statement: match[0], name: match[1] ?? match[2] ?? '' }))

const architecture =
  sourceFiles('ARCHITECTURE.md').find(({ path }) => path === 'ARCHITECTURE.md')?.text ?? ''
const [codeMap = ''] = architecture.split('## Code map')[1]?.split('\n## ') ?? []
/** The names of all parts. */
const all = new Set(Object.keys(allowed).map((part) => part.replace(/.*\//, '')))

const ours = sourceFiles('.ts').filter((file) => partOf(file) && !isTest(file))

test('every part imports only what the table allows', () => {
  for (const file of ours) {
    const part = partOf(file) as string
    for (const { name, statement } of importsOf(file)) {
      const target = /^@reckon\/([^/]+)/.exec(name)?.[1]
      if (target === undefined || part.endsWith(`/${target}`)) continue
      const may = allowed[part]?.includes(target)
      assert.ok(may, `${file.path} imports ${name}: ${part} may import only [${allowed[part]}]`)
      const isType = /^(import|export) type/.test(statement) || !typesOnly.includes(part)
      const isPure = isType || target !== 'eventing'
      assert.ok(isPure, `${file.path} imports more than types of ${name}: take it as an argument`)
    }
  }
})

test('nobody reaches into another part by a relative path', () => {
  for (const file of ours) {
    const part = partOf(file) as string
    const depth = file.path.slice(part.length + 1).split('/').length - 1
    for (const { name } of importsOf(file)) {
      const ups = name.split('/').filter((step) => step === '..').length
      assert.ok(ups <= depth, `${file.path} imports ${name}: use the package's name`)
    }
  }
})

test("nobody who lives for long takes undici along with Node's http", () => {
  const lasting = ours.filter(({ path }) => /^(packages|services|infra\/event-store)\//.test(path))
  for (const file of lasting) {
    for (const { name, statement } of importsOf(file)) {
      const isValue = name === 'node:http' && !/^import type/.test(statement)
      assert.ok(
        !isValue,
        `${file.path} imports more than types: take it of @reckon/process/node-http`,
      )
    }
  }
})

test("the store client's generated messages are known to the event store's protocol room alone", () => {
  for (const file of ours.filter(
    ({ path }) => !path.startsWith('infra/event-store/src/protocol/'),
  )) {
    for (const { name } of importsOf(file)) {
      const isGenerated = /\/generated\/|^google-protobuf/.test(name)
      assert.ok(!isGenerated, `${file.path} imports ${name}: let protocol/ read and write it`)
    }
  }
})

test('the table in ARCHITECTURE.md says of each part what it may import', () => {
  const infra = ['bootstrap', 'event-store', 'supervisor']
  const groups: Record<string, readonly string[]> = { packages, services, infra }
  const rows = codeMap.matchAll(/^\| `([\w/-]+)` \| .* \| (.*) \|$/gm)
  const said = new Map<string, string>()
  for (const [, part = '', may = ''] of rows) {
    if (part === 'test') continue
    said.set(part, may.replace('as agent', said.get('services/agent') ?? ''))
    // What follows a colon or semicolon is not part of the import.
    const words = (said.get(part) ?? '').split(/[:;]/)[0]?.match(/[a-z][a-z-]+/g) ?? []
    const names = words.flatMap((word) => groups[word] ?? word).filter((name) => all.has(name))
    const others = (list: readonly string[] = []) =>
      [...new Set(list)].filter((name) => !part.endsWith(`/${name}`)).toSorted()
    assert.deepEqual(others(names), others(allowed[part]), `${part}: ${may}`)
  }
  assert.deepEqual([...said.keys()].toSorted(), Object.keys(allowed).toSorted())
})
