import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatUndo, type UndoAnswer } from './format-undo.ts'

const update: UndoAnswer['undos'][number] = {
  action: 'Update',
  kind: 'Deployment',
  namespace: 'shop',
  name: 'web',
  undoes: '42',
  changes: [{ field: 'spec.replicas', from: 3, to: 1 }],
  conflicts: [],
}
const textOf = (answer: Partial<UndoAnswer>) =>
  formatUndo({ applied: false, upTo: '9', undos: [], lost: [], ...answer }, { color: false })

test('each object is a line, each of its fields one below', () => {
  assert.equal(
    textOf({ undos: [update] }),
    'update deployment/web in shop (undoes 42)\n       spec.replicas: 3 → 1',
  )
})

test('what collides, fails or is lost is told', () => {
  const collides = {
    ...update,
    changes: [],
    conflicts: [{ field: 'spec.replicas', made: 3, before: 1, now: 5 }],
  }
  assert.match(
    textOf({ undos: [collides] }),
    /spec\.replicas collides: it was 3 then, would be 1 again, and is 5 since/,
  )
  const failed = { ...update, outcome: 'Failed', message: 'quota' } as const
  assert.match(textOf({ applied: true, undos: [failed] }), /failed: quota/)
  const lost = [{ stream: 'secrets-shop/s', why: 'its content is gone with its key' }]
  assert.equal(textOf({ lost }), 'lost   secrets-shop/s: its content is gone with its key')
})

test('nothing to do is said', () => {
  assert.match(textOf({}), /nothing is left to undo/)
})
