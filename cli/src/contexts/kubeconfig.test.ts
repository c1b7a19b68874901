import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { loadAccess } from './kubeconfig.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reckon-kubeconfig-'))
})
after(() => rm(folder, { recursive: true }))

test('a file that is not there is named, with what to do', async () => {
  const file = join(folder, 'none')
  await assert.rejects(loadAccess(file), /there is no kubeconfig at .*none; .*reckon kubeconfig/)
})

test('a file that is none is named, and nothing of it is shown', async () => {
  const file = join(folder, 'broken')
  await writeFile(file, 'token: [secret')
  await assert.rejects(loadAccess(file), ({ message }: Error) => {
    assert.match(message, /broken is no kubeconfig: .* at line 1, column \d+:?$/)
    assert.doesNotMatch(message, /secret/)
    return true
  })
})

test('the current context says where the API is, who asks, and in which namespace', async () => {
  const file = join(folder, 'config')
  await writeFile(join(folder, 'ca.crt'), 'authority')
  const certificate = Buffer.from('certificate').toString('base64')
  const config = {
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u', namespace: 'web' } }],
    clusters: [
      {
        name: 'c',
        cluster: { server: 'https://10.0.0.1:6443', 'certificate-authority': 'ca.crt' },
      },
    ],
    users: [{ name: 'u', user: { 'client-certificate-data': certificate, token: 't' } }],
  }
  await writeFile(file, JSON.stringify(config))
  assert.deepEqual(await loadAccess(file), {
    server: 'https://10.0.0.1:6443',
    namespace: 'web',
    tls: { ca: Buffer.from('authority'), cert: Buffer.from('certificate') },
    headers: { authorization: 'Bearer t' },
  })
  await writeFile(file, JSON.stringify({ ...config, 'current-context': 'there' }))
  await assert.rejects(loadAccess(file), /the current kubeconfig names no cluster/)
})
