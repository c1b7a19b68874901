import assert from 'node:assert/strict'
import test from 'node:test'
import { pods } from '../kinds/core/pods.ts'
import type { Pod } from '../object.ts'
import { resourceNamed } from '../resources.ts'
import { isRefusal } from '../status-error.ts'
import { matchesFields, parseFieldSelector } from './field-selectors.ts'
import { parseLabelSelector } from './label-selector-text.ts'
import { labelMapSelector, labelSelectorOf, matchesLabels } from './label-selectors.ts'

const matches = (text: string, labels: Record<string, string>) =>
  matchesLabels(parseLabelSelector(text), labels)

test('every form of a label selector is understood', () => {
  assert.ok(matches('a=b', { a: 'b' }))
  assert.ok(matches('a==b,c', { a: 'b', c: '' }))
  assert.ok(matches('a!=b', {}))
  assert.ok(matches('a in (x, y)', { a: 'y' }))
  assert.ok(!matches('a in (x, y)', {}))
  assert.ok(matches('a notin (x)', {}))
  assert.ok(!matches('a notin (x)', { a: 'x' }))
  assert.ok(matches('!a', {}))
  assert.ok(matches('example.com/n>3', { 'example.com/n': '4' }))
  assert.ok(matches('in=3', { in: '3' }))
  assert.ok(matches('', { anything: 'goes' }))
})

test('expressions of a selector look at a key, and at its values', () => {
  const isSelected = (operator: string, values?: string[]) =>
    matchesLabels(
      labelSelectorOf({ matchExpressions: [{ key: 'a', operator, ...(values && { values }) }] }),
      { a: 'x' },
    )
  assert.deepEqual(
    [isSelected('In', ['x', 'y']), isSelected('NotIn', ['x']), isSelected('Exists')],
    [true, false, true],
  )
  assert.deepEqual(
    [isSelected('In', ['y']), isSelected('NotIn', ['y']), isSelected('DoesNotExist')],
    [false, true, false],
  )
})

test('what every JavaScript object inherits is no label and no field', () => {
  assert.ok(!matches('toString', { a: 'b' }))
  assert.ok(matches('!constructor', { a: 'b' }))
  assert.ok(matches('constructor', { constructor: 'a label like any other' }))
  const refusal = { code: 400, message: 'field label not supported: toString' }
  assert.throws(() => matchesFields(pods, parseFieldSelector('toString=x'), pod), refusal)
})

test('a label selector that makes no sense is refused with 400', () => {
  for (const text of ['a=b=c', 'a in b', 'a in (b', ',', 'a,,b', '-a=b', 'a=-b', 'a>x', '!']) {
    assert.throws(
      () => parseLabelSelector(text),
      (error) => isRefusal(error, 'BadRequest'),
      text,
    )
  }
})

test('an absent selector selects nothing, an empty one everything', () => {
  assert.ok(!matchesLabels(labelSelectorOf(undefined), { a: 'b' }))
  assert.ok(matchesLabels(labelSelectorOf({}), { a: 'b' }))
  assert.ok(!matchesLabels(labelMapSelector({}), { a: 'b' }))
  const selector = labelSelectorOf({
    matchLabels: { a: 'b' },
    matchExpressions: [{ key: 'c', operator: 'Exists' }],
  })
  assert.ok(matchesLabels(selector, { a: 'b', c: 'd' }))
  assert.ok(!matchesLabels(selector, { a: 'b' }))
})

const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default' },
  spec: { containers: [], nodeName: 'a' },
  status: { phase: 'Running' },
}

test('a compound field selector is matched, and an escaped value is read', () => {
  const check = (text: string) => matchesFields(pods, parseFieldSelector(text), pod)
  assert.ok(check('spec.nodeName=a,status.phase!=Succeeded,status.phase!=Failed'))
  assert.ok(!check('metadata.name==other'))
  assert.ok(check('status.podIP='))
  assert.ok(check(''))
  assert.deepEqual(parseFieldSelector('a=x\\,y'), [{ field: 'a', equal: true, value: 'x,y' }])
})

test('an unknown field is refused in the words of the kind', () => {
  const refused = (id: string, message: string) =>
    assert.throws(() => matchesFields(resourceNamed(id), parseFieldSelector('spec.foo=1'), pod), {
      message,
      code: 400,
    })
  refused('pods', 'field label not supported: spec.foo')
  refused(
    'configmaps',
    '"spec.foo" is not a known field selector: only "metadata.name", "metadata.namespace"',
  )
})
