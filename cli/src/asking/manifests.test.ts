import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { manifestsIn, nodesIn } from './manifests.ts'
import { readSchedulerConfig } from './scheduler-config.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reckon-manifests-'))
})
after(() => rm(folder, { recursive: true, force: true }))

async function fileOf(text: string): Promise<string> {
  const file = join(folder, 'file.yaml')
  await writeFile(file, text)
  return file
}
const named = async (text: string) =>
  (await manifestsIn(await fileOf(text), 'team')).map(({ kind, metadata }) => [
    kind,
    metadata.namespace,
    metadata.name,
  ])
const settings = (name: string, more = '') =>
  `{ apiVersion: v1, kind: ConfigMap, metadata: { name: ${name}${more} } }`

test('each document of a file is an object, and each item of a list', async () => {
  const list = `{ apiVersion: v1, kind: List, items: [${settings('b')}, ${settings('c')}] }`
  assert.deepEqual(await named(`${settings('a', ', namespace: own')}\n---\n---\n${list}\n`), [
    ['ConfigMap', 'own', 'a'],
    ['ConfigMap', 'team', 'b'],
    ['ConfigMap', 'team', 'c'],
  ])
})

test('what cannot be read is refused with its file, in a line', async () => {
  for (const [text, message] of [
    ['', /file\.yaml: there is nothing in it$/],
    ['---\n', /file\.yaml: there is nothing in it$/],
    ['kind: [', /file\.yaml: Flow sequence .* at line 1, column 8:$/],
    ['kind: Deployment', /file\.yaml: no kind "Deployment" of "" is known$/],
    [settings('a').replace('metadata', 'metdata'), /file\.yaml: .*metdata/],
  ] as const) {
    await assert.rejects(named(text), ({ message: told }: Error) => {
      assert.match(told, message)
      return true
    })
  }
  await assert.rejects(manifestsIn(join(folder, 'none'), ''), /no such file/)
})

test('a node says how large it is; then it is ready, under its own host name', async () => {
  const node =
    "{ apiVersion: v1, kind: Node, metadata: { name: n }, status: { capacity: { cpu: '2' } } }"
  const [made] = await nodesIn(await fileOf(node))
  assert.deepEqual(made?.metadata.labels, { 'kubernetes.io/hostname': 'n' })
  assert.equal(made?.status?.allocatable?.cpu, '2')
  assert.deepEqual(made?.status?.conditions, [{ type: 'Ready', status: 'True' }])
  const bare = await fileOf('{ apiVersion: v1, kind: Node, metadata: { name: n } }')
  await assert.rejects(nodesIn(bare), /node n does not say its status\.capacity/)
  await assert.rejects(nodesIn(await fileOf(settings('a'))), /a ConfigMap is no Node/)
})

test('a policy is one document, understood wholly', async () => {
  const group = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n'
  const { kind } = await readSchedulerConfig(await fileOf(group))
  assert.equal(kind, 'KubeSchedulerConfiguration')
  for (const [text, message] of [
    ['', /there is nothing in it/],
    [`${group}---\n${group}`, /it holds 2 documents, and a policy is one/],
    [`${group}profiles: [{ plugins: { score: { enabled: [{ name: No }] } } }]`, /Not found: "No"/],
  ] as const) {
    await assert.rejects(readSchedulerConfig(await fileOf(text)), message)
  }
})
