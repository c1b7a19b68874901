import assert from 'node:assert/strict'
import test from 'node:test'
import { generatedName, isTemplateEqual, podTemplateHash } from './names.ts'

const template = {
  metadata: { labels: { a: 'b' } },
  spec: { containers: [{ name: 'c', image: 'i' }] },
}
const hashed = {
  spec: { containers: [{ image: 'i', name: 'c' }] },
  metadata: { labels: { 'pod-template-hash': 'x', a: 'b' } },
}

test('a generated name ends in five safe characters and fits into a label', () => {
  assert.equal(
    generatedName('web-', () => 0),
    'web-bbbbb',
  )
  assert.equal(
    generatedName('a'.repeat(80), (n) => n - 1),
    `${'a'.repeat(58)}99999`,
  )
})

test('a template keeps its hash in whatever order it is written, and changes it with its content', () => {
  assert.equal(podTemplateHash(template), podTemplateHash(hashed))
  assert.match(podTemplateHash(template), /^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/)
  assert.notEqual(podTemplateHash(template), podTemplateHash({ ...template, metadata: {} }))
  assert.notEqual(podTemplateHash(template), podTemplateHash(template, 1))
})

test('templates are compared without the label that tells them apart', () => {
  assert.ok(isTemplateEqual(template, hashed))
  assert.ok(!isTemplateEqual(template, { ...template, spec: { containers: [] } }))
})
