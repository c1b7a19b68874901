import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { deployment } from '@reckon/api/fixture'
import { startKubectlApi } from './kubectl-api.ts'

let started: Awaited<ReturnType<typeof startKubectlApi>>
before(async () => {
  started = await startKubectlApi(26_444)
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

    assert.match(await apply(1), /created/, version)
    assert.match(await apply(4, server), /serverside-applied/, version)
    const entries = await kubectl(
      ...['get', 'deploy', name, '--show-managed-fields', '-o'],
      'jsonpath={.metadata.managedFields[*].manager}',
    )
    assert.match(entries, /^kubectl( kubectl-last-applied)?$/, version)
  }
})
