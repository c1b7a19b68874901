import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod, Secret } from '@reckon/kubernetes'
import { pullCredentials } from './pull-credentials.ts'

const base64 = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64')

const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'default', name: 'web' },
  spec: { containers: [], imagePullSecrets: [{ name: 'none' }, { name: 'own' }] },
}

/** What is shown for an image by a pod whose Secret `own` holds this. */
const shown = (image: string, data: NonNullable<Secret['data']>) =>
  pullCredentials(pod, image, (_, name) =>
    name === 'own' ? { apiVersion: 'v1', kind: 'Secret', metadata: { name }, data } : undefined,
  ).map(({ username, password }) => `${username}:${password}`)

test("a registry is shown what the pod's pull Secrets hold for it, and nothing of others", () => {
  const auths = {
    'registry.test:5000': { auth: base64('ada:se:cret') },
    'https://index.docker.io/v1/': { username: 'bob', password: 'b' },
  }
  const data = { '.dockerconfigjson': base64({ auths }) }
  assert.deepEqual(shown('registry.test:5000/team/app:1', data), ['ada:se:cret'])
  assert.deepEqual(shown('busybox', data), ['bob:b'])
  assert.deepEqual(shown('other.test/app', data), [])
  assert.deepEqual(
    shown('busybox', {
      '.dockercfg': base64({ 'docker.io': auths['https://index.docker.io/v1/'] }),
    }),
    ['bob:b'],
  )
})

test('a Secret that makes no sense holds nothing', () => {
  for (const text of [
    '',
    '{',
    '[]',
    '{"auths":{"docker.io":7}}',
    '{"auths":{"docker.io":{"auth":"x"}}}',
  ]) {
    assert.deepEqual(shown('busybox', { '.dockerconfigjson': base64(text) }), [])
  }
})
