import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod, Volume } from '@reckon/kubernetes'
import { type VolumeSources, volumeContent } from './volume-content.ts'

const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default' },
  spec: { containers: [] },
}
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const binary = Uint8Array.of(0, 255, 128)
const sources: VolumeSources = {
  configMap: (_namespace, name) =>
    name === 'settings'
      ? { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { colour: 'blue' } }
      : name === 'pictures'
        ? {
            ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } },
            binaryData: { dot: base64(binary) },
          }
        : undefined,
  secret: (_namespace, name) =>
    name === 'db'
      ? {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name },
          data: { password: base64(Buffer.from('x')), key: base64(binary) },
        }
      : undefined,
  claim: () => undefined,
  persistentVolume: () => undefined,
  token: (_pod, audience) => (audience === 'vault' ? 'signed' : undefined),
  allocatable: () => ({ cpu: '4', memory: '8Gi' }),
}
const filesOf = (volume: Omit<Volume, 'name'>) => {
  const content = volumeContent({ name: 'v', ...volume }, pod, sources)
  assert.equal(content.type, 'Files')
  return content
}

test('a Secret becomes files of its bytes, in memory', () => {
  const { files, medium } = filesOf({ secret: { secretName: 'db', defaultMode: 0o400 } })
  assert.equal(medium, 'Memory')
  assert.deepEqual([...files.keys()], ['password', 'key'])
  assert.deepEqual(files.get('key'), { content: Buffer.from(binary), mode: 0o400 })
})

test('what is binary in a ConfigMap becomes a file of its bytes', () => {
  const { files } = filesOf({ configMap: { name: 'pictures' } })
  assert.deepEqual(files.get('dot')?.content, Buffer.from(binary))
})

test('a projected volume joins ConfigMaps and Secrets, under the paths that it gives', () => {
  const items = [{ key: 'password', path: 'db/password' }]
  const { files, medium } = filesOf({
    projected: {
      sources: [{ configMap: { name: 'settings' } }, { secret: { name: 'db', items } }],
    },
  })
  assert.deepEqual([...files.keys()], ['colour', 'db/password'])
  assert.equal(medium, 'Memory')
  const settings = filesOf({ projected: { sources: [{ configMap: { name: 'settings' } }] } })
  assert.equal(settings.medium, undefined)
})

test('a Secret that is not there is refused, unless it is optional', () => {
  assert.throws(() => filesOf({ secret: { secretName: 'none' } }), /secret "none" not found/)
  assert.equal(filesOf({ secret: { secretName: 'none', optional: true } }).files.size, 0)
  const items = [{ key: 'none', path: 'p' }]
  assert.throws(
    () => filesOf({ secret: { secretName: 'db', items } }),
    /references non-existent secret key: none/,
  )
})

test('a token is a file in memory, and one that has not come yet is refused', () => {
  const of = (audience: string) => ({
    projected: { sources: [{ serviceAccountToken: { audience, path: 'token' } }] },
  })
  const { files, medium } = filesOf(of('vault'))
  assert.equal(files.get('token')?.content.toString(), 'signed')
  assert.equal(medium, 'Memory')
  assert.throws(() => filesOf(of('other')), /failed to fetch token/)
})

test('downwardAPI shows what a container asks for or may have, of all that there is where it has no limit', () => {
  const resources = { requests: { cpu: '250m' }, limits: { 'ephemeral-storage': '3k' } }
  const limited: Pod = { ...pod, spec: { containers: [{ name: 'c', resources }] } }
  const shown = (ref: { resource: string; divisor?: string; containerName?: string }) => {
    const items = [{ path: 'it', resourceFieldRef: { containerName: 'c', ...ref } }]
    const volume = { name: 'v', projected: { sources: [{ downwardAPI: { items } }] } }
    const content = volumeContent(volume, limited, sources)
    return content.type === 'Files' && `${content.files.get('it')?.content}`
  }
  assert.equal(shown({ resource: 'requests.cpu', divisor: '1m' }), '250')
  assert.equal(shown({ resource: 'requests.cpu', divisor: '0' }), '1')
  assert.equal(shown({ resource: 'limits.ephemeral-storage' }), '3000')
  assert.equal(shown({ resource: 'limits.memory', divisor: '1Gi' }), '8')
  assert.throws(() => shown({ resource: 'limits.cpu', containerName: 'd' }), {
    message: 'container d not found',
  })
})
