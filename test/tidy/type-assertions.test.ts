import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVirtualFileSystem, type FileSystem } from 'typescript/unstable/fs'
import { API } from 'typescript/unstable/sync'
import { isTest, root, sourceFiles } from './source-files.ts'
import { type Assertion, assertionsOf } from './type-assertions.ts'

/**
 * Decoding and adapters, where a foreign form becomes one of ours: assertions there are not counted, each file for its
 * reason.
 */
const rooms: Readonly<Record<string, string>> = {
  'packages/dashboard/src/reading/': 'adapter: what the API answers',
  'packages/domain/src/recorded-data.ts': 'what the log holds, as the types of its events',
  'packages/domain/src/views/saved-records.ts': 'a snapshot, which its checksum proves to be ours',
  'packages/eventing/src/contract/': 'suites of tests, exported beside their ports',
  'packages/eventing/src/eventstore/': 'adapter: @eventstore/db-client',
  'packages/eventing/src/files/': 'adapter: snapshots in files',
  'packages/eventing/src/memory/': 'adapter: the twins in memory',
  'packages/eventing/src/nats/': 'adapter: nats',
  'packages/kubernetes/src/decoding/decode.ts': 'what a schema has read is of its kind',
  'packages/kubernetes/src/defaults.ts': 'what its schema has read and defaults have completed',
  'packages/kubernetes/src/is-object.ts': 'checks all that it claims',
  'packages/kubernetes/src/json/json-object.ts': 'checks all that it claims',
  'packages/kubernetes/src/decoding/options.ts': 'what a schema has read is of its kind',
  'packages/node-plane/src/parse-node-message.ts':
    'what comes off the wire, checked field by field',
  'packages/eventing/src/log/encoded-event.ts':
    'what comes off the wire or a disk, checked field by field',
  'packages/scheduling/src/policy/decoded.ts': 'what a schema has read is of its kind',
  'services/agent/src/docker/': 'adapter: dockerode',
  'services/proxy/src/edge/envoy-messages.ts': 'adapter: protobuf of xDS',
  'services/replicator/src/certificate-signing/x509-authority.ts': 'adapter: @peculiar/x509',
  'services/proxy/src/packets/host-network.ts': 'adapter: what `ip -json` tells',
  'services/proxy/src/packets/settle-pod-network.ts': 'adapter: what `ip -json` tells',
}

/** The number of assertions; it may only fall. */
const assertionsMax = 10

const everywhere = inProduction()

test('types are proved, not asserted, outside decoding and adapters', () => {
  const found = everywhere.filter(({ path }) => roomOf(path) === undefined)
  assert.ok(found.length <= assertionsMax, `${found.length} type assertions:\n${lines(found)}`)
})

test('no room is kept for what is gone', () => {
  const paths = sourceFiles('.ts').map(({ path }) => path)
  for (const room of Object.keys(rooms)) {
    assert.ok(
      paths.some((path) => path.startsWith(room)),
      `${room} is not there`,
    )
  }
})

test('each form of an assertion is found, and nothing else', () => {
  const sample = `
    const a = b as X
    const c = <X>b
    const d = b!
    const isX = (b: unknown): b is X => true
    function checkX(b: unknown): asserts b is X {}
    declare function read<T>(text: string): T
    const fine = [1] as const
    const proved = { a: 1 } satisfies X
    declare function same<T>(value: T): T
    function present(b: unknown): asserts b {}`
  const found = assertionsIn(createVirtualFileSystem({ '/tsconfig.json': '{}', '/a.ts': sample }), {
    project: '/tsconfig.json',
    paths: ['/a.ts'],
  })
  assert.deepEqual(
    found.map(({ line }) => line),
    [2, 3, 4, 5, 6, 7],
  )
})

const roomOf = (path: string) => Object.keys(rooms).find((room) => path.startsWith(room))

function inProduction(): Assertion[] {
  const paths = sourceFiles('.ts').flatMap((file) =>
    !isTest(file) && /^(packages|services)\//.test(file.path) ? [root + file.path] : [],
  )
  const isOfPage = (path: string) => path.startsWith(`${root}packages/dashboard/`)
  const projects = [
    { project: `${root}tsconfig.json`, paths: paths.filter((path) => !isOfPage(path)) },
    { project: `${root}packages/dashboard/tsconfig.json`, paths: paths.filter(isOfPage) },
  ]
  return projects
    .flatMap((each) => assertionsIn(undefined, each))
    .map((found) => ({
      ...found,
      path: found.path.slice(root.length),
    }))
}

function assertionsIn(
  fs: FileSystem | undefined,
  { project, paths }: { project: string; paths: readonly string[] },
): Assertion[] {
  const api = new API(fs && { fs })
  try {
    const { program } = api.updateSnapshot({ openProjects: [project] }).getProjects()[0] ?? {}
    return paths.flatMap((path) => {
      const file = program?.getSourceFile(path)
      assert.ok(file, `${path} is no part of ${project}`)
      return assertionsOf(file, path)
    })
  } finally {
    api.close()
  }
}

const lines = (found: readonly Assertion[]) =>
  found.map(({ path, line, text }) => `${path}:${line}: ${text}`).join('\n')
