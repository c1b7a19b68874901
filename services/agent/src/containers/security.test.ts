import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Container, Pod } from '@reckon/kubernetes'
import { rootProblem, securityOf } from './security.ts'

type Context = NonNullable<Container['securityContext']>

const pod = (securityContext: NonNullable<Pod['spec']['securityContext']> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'default', name: 'web', uid: 'u' },
  spec: { securityContext, containers: [] },
})
const container = (securityContext: Context = {}): Container => ({ name: 'c', securityContext })

test('what is not to run as root is refused where its image, or it itself, would', () => {
  const nonRoot = pod({ runAsNonRoot: true })
  const where = '(pod: "web_default(u)", container: c)'
  const asRoot = `container has runAsNonRoot and image will run as root ${where}`
  for (const user of ['', '0', '0:5', 'root']) {
    const expected =
      user === 'root'
        ? `container has runAsNonRoot and image has non-numeric user (root), cannot verify user is non-root ${where}`
        : asRoot
    assert.equal(rootProblem(nonRoot, container(), user), expected)
  }
  assert.equal(rootProblem(nonRoot, container(), '1000:0'), undefined)
  assert.equal(rootProblem(nonRoot, container({ runAsUser: 7 }), ''), undefined)
  assert.equal(
    rootProblem(nonRoot, container({ runAsUser: 0 }), '7'),
    `container's runAsUser breaks non-root policy ${where}`,
  )
  assert.equal(rootProblem(nonRoot, container({ runAsNonRoot: false }), ''), undefined)
  assert.equal(rootProblem(pod(), container(), ''), undefined)
})

test('confinements are left away where they are to be', () => {
  const of = (context: Context) => securityOf(pod(), container(context)).unconfined
  assert.deepEqual(of({ seccompProfile: { type: 'RuntimeDefault' } }), [])
  assert.deepEqual(of({ seccompProfile: { type: 'Unconfined' }, procMount: 'Unmasked' }), [
    'seccomp',
    'proc',
  ])
  assert.deepEqual(of({ appArmorProfile: { type: 'Unconfined' } }), ['apparmor'])
})
