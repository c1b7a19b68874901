import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { deployment } from '@reckon/api/fixture'
import { manifestsOfEveryKind } from './every-kind.ts'
import { startKubectlApi } from './kubectl-api.ts'

let started: Awaited<ReturnType<typeof startKubectlApi>>
before(async () => {
  started = await startKubectlApi()
})
after(() => started?.stop())

test('kubectls of three versions apply at the server, conflict, and take over what was applied from the client', async () => {
  const kubectls = started.kubectls('1.27', '1.30', '1.33')
  assert.ok(kubectls.length > 0)
  for (const { version, kubectl } of kubectls) {
    const name = `web-${version.replaceAll('.', '-')}`
    const apply = async (replicas: number, ...args: string[]) =>
      kubectl('apply', '-f', await started.manifest(deployment(name, replicas)), ...args)
    const server = '--server-side'
    assert.match(await apply(1, server), /serverside-applied/, version)
    assert.match(await apply(2, server, '--dry-run=server'), /\(server dry run\)/, version)
    const refused = await apply(3, server, '--field-manager=other')
    assert.match(refused, /conflict with "kubectl": \.spec\.replicas/, version)
    const forced = await apply(3, server, '--field-manager=other', '--force-conflicts')
    assert.match(forced, /serverside-applied/, version)
    const shown = await kubectl('get', 'deploy', name, '-o', 'yaml', '--show-managed-fields')
    assert.match(shown, /manager: other\n {4}operation: Apply/, version)
    const hidden = await kubectl('get', 'deploy', name, '-o', 'yaml')
    assert.doesNotMatch(hidden, /managedFields/, version)
    assert.match(await kubectl('delete', 'deploy', name), /deleted/)

    assert.match(
      await kubectl('create', '-f', await started.manifest(deployment(name, 1))),
      /created/,
    )
    const created = await apply(2, server)
    assert.match(
      created,
      /conflict with "kubectl-create" using apps\/v1: \.spec\.replicas/,
      version,
    )
    assert.match(await kubectl('delete', 'deploy', name), /deleted/)

    assert.match(await apply(1), /created/, version)
    assert.match(await apply(4, server), /serverside-applied/, version)
    const entries = await kubectl(
      ...['get', 'deploy', name, '--show-managed-fields', '-o'],
      'jsonpath={.metadata.managedFields[*].manager}',
    )
    // In the order of their seconds, as upstream.
    assert.match(entries, /^(kubectl|kubectl kubectl-last-applied|kubectl-last-applied kubectl)$/)
  }
})

/** A map that is replaced as a whole is sent again by kubectl each time, to any server. */
const isSentAgain = (line: string) => /^poddisruptionbudget\S* configured$/.test(line)

test('a directory of a hundred manifests of every kind that is kept is applied, and its second time changes nothing', async () => {
  const { api, kubectl } = started
  const manifests = manifestsOfEveryKind(3)
  const kept = api.ports.objects.resources.all.filter(
    ({ isReview, isUsage, kind }) => !isReview && !isUsage && kind !== 'Binding',
  )
  const kinds = new Set(manifests.map(({ kind }) => kind))
  assert.deepEqual(
    kept.map(({ kind }) => kind).filter((kind) => !kinds.has(kind)),
    [],
  )
  assert.ok(manifests.length >= 100, `${manifests.length} manifests`)
  const folder = join(started.folder, 'every-kind')
  await mkdir(folder)
  for (const [index, object] of manifests.entries()) {
    await writeFile(join(folder, `${index}.json`), JSON.stringify(object))
  }
  const outcomes = async () => {
    const said = (await kubectl('apply', '-f', folder)).trim().split('\n')
    return said.filter((line) => !line.startsWith('Warning:'))
  }
  const created = await outcomes()
  assert.deepEqual(
    created.filter((line) => !line.endsWith(' created')),
    [],
  )
  assert.equal(created.length, manifests.length)
  const { position } = api.ports.objects
  const again = await outcomes()
  assert.deepEqual(
    again.filter((line) => !line.endsWith(' unchanged') && !isSentAgain(line)),
    [],
  )
  assert.equal(again.length, manifests.length)
  assert.equal(api.ports.objects.position, position)
  const described = await kubectl('describe', '-f', folder)
  assert.equal(described.match(/^Name: +/gm)?.length, manifests.length, described)
})
