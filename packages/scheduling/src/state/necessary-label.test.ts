import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labelSelectorOf } from '@reckon/kubernetes'
import { ByNecessaryLabel } from './by-necessary-label.ts'
import { labelTexts, necessaryLabel } from './necessary-label.ts'

const labelOf = (selector: Parameters<typeof labelSelectorOf>[0]) =>
  necessaryLabel(labelSelectorOf(selector))

test('the first label that whatever is selected must have, where one value is the only one', () => {
  assert.equal(labelOf({ matchLabels: { app: 'web' } }), 'app=web')
  const matchExpressions = [
    { key: 'tier', operator: 'NotIn', values: ['x'] },
    { key: 'zone', operator: 'In', values: ['a', 'b'] },
    { key: 'disk', operator: 'In', values: ['ssd'] },
  ]
  assert.equal(labelOf({ matchExpressions }), 'disk=ssd')
})

test('where any of several labels would do, or none, none is necessary', () => {
  assert.equal(labelOf({}), undefined)
  assert.equal(necessaryLabel('Nothing'), undefined)
  const of = (operator: string, values?: string[]) =>
    labelOf({ matchExpressions: [{ key: 'app', operator, ...(values && { values }) }] })
  assert.equal(of('In', ['a', 'b']), undefined)
  assert.equal(of('NotIn', ['a']), undefined)
  assert.equal(of('Exists'), undefined)
})

test('for an object only what may select it is looked at', () => {
  const all = new ByNecessaryLabel<string>()
  all.add(labelSelectorOf({ matchLabels: { app: 'web' } }), 'web')
  all.add(labelSelectorOf({ matchLabels: { app: 'db' } }), 'db')
  all.add(labelSelectorOf({}), 'any')
  const found = (labels: Record<string, string>) => all.bucketsFor(labels).flat()
  assert.deepEqual(found({ app: 'web', tier: 'a' }), ['any', 'web'])
  assert.deepEqual(found({}), ['any'])
  assert.deepEqual(labelTexts({ app: 'web', tier: 'a' }), ['app=web', 'tier=a'])
})
