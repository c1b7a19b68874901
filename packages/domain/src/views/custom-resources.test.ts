import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CustomResourceDefinition, ResourceTable } from '@reckon/kubernetes'
import { defineCustom } from './custom-resources.ts'

const id = 'pages.example.com'
const definition = (isEstablished = true, kind = 'Page'): CustomResourceDefinition => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: id },
  spec: {
    group: 'example.com',
    names: { plural: 'pages', singular: 'page', kind, listKind: 'PageList' },
    scope: 'Namespaced',
    versions: [{ name: 'v1', served: true, storage: true }],
  },
  status: { conditions: [{ type: 'Established', status: isEstablished ? 'True' : 'False' }] },
})

test('a kind is served once its definition is established, until that goes', () => {
  const resources = new ResourceTable()
  const [pending, established] = [definition(false), definition()]
  assert.equal(defineCustom(resources, { after: pending }), id)
  assert.equal(resources.named(id), undefined)
  defineCustom(resources, { before: pending, after: { ...pending, status: established.status } })
  assert.equal(resources.named(id)?.kind, 'Page')
  defineCustom(resources, { before: established })
  assert.equal(resources.named(id), undefined)
})

test('a kind is defined anew where its definition asks for something else, and only there', () => {
  const resources = new ResourceTable()
  const before = definition()
  defineCustom(resources, { after: before })
  const first = resources.named(id)
  assert.equal(first?.kind, 'Page')
  const labelled = { ...before, metadata: { ...before.metadata, labels: { a: 'b' } } }
  defineCustom(resources, { before, after: labelled })
  assert.equal(resources.named(id), first)
  defineCustom(resources, { before: labelled, after: definition(true, 'Leaf') })
  assert.equal(resources.named(id)?.kind, 'Leaf')
})

test('an object of another kind defines nothing', () => {
  const object = { ...definition(), kind: 'Other' }
  assert.equal(defineCustom(new ResourceTable(), { after: object }), undefined)
})
