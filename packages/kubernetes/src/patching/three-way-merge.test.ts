import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deployments } from '../kinds/apps/deployments.ts'
import type { KubernetesObject } from '../object.ts'
import { mergeThreeWay } from './three-way-merge.ts'

type Container = { name: string; image?: string; args?: string[] }

const withContainers = (containers: Container[], replicas = 1): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { replicas, template: { spec: { containers } } },
})

const web = { name: 'web', image: 'web:1' }
const base = withContainers([web])

test('what only one side changed is taken, whichever it is', () => {
  const ours = withContainers([{ ...web, image: 'web:0' }])
  const theirs = withContainers([web], 3)
  const { merged, conflicts } = mergeThreeWay(deployments, { base, ours, theirs })
  assert.deepEqual(merged, withContainers([{ ...web, image: 'web:0' }], 3))
  assert.deepEqual(conflicts, [])
})

test('items of a list with a merge key are merged one by one', () => {
  const ours = withContainers([{ ...web, image: 'web:0' }])
  const theirs = withContainers([{ name: 'proxy' }, { ...web, args: ['-v'] }])
  const { merged, conflicts } = mergeThreeWay(deployments, { base, ours, theirs })
  assert.deepEqual(
    merged,
    withContainers([{ name: 'proxy' }, { name: 'web', image: 'web:0', args: ['-v'] }]),
  )
  assert.deepEqual(conflicts, [])
})

test('an item that ours lacks goes; one that only ours has comes last', () => {
  const before = withContainers([web, { name: 'added' }])
  const ours = withContainers([web, { name: 'removed' }])
  const theirs = withContainers([{ name: 'later' }, web, { name: 'added' }])
  const { merged } = mergeThreeWay(deployments, { base: before, ours, theirs })
  assert.deepEqual(merged, withContainers([{ name: 'later' }, web, { name: 'removed' }]))
})

test('where both changed a field theirs stays, and it is told', () => {
  const ours = withContainers([{ ...web, image: 'web:0' }])
  const theirs = withContainers([{ ...web, image: 'web:2' }])
  const { merged, conflicts } = mergeThreeWay(deployments, { base, ours, theirs })
  assert.deepEqual(merged, theirs)
  assert.deepEqual(conflicts, [
    {
      field: 'spec.template.spec.containers[name=web].image',
      ...{ base: 'web:1', ours: 'web:0', theirs: 'web:2' },
    },
  ])
})

test('fields of a map that was absent before come together', () => {
  const labelled = (labels?: Record<string, string>): KubernetesObject => ({
    ...base,
    metadata: { name: 'web', ...(labels && { labels }) },
  })
  const versions = { base: labelled(), ours: labelled({ a: '1' }), theirs: labelled({ b: '2' }) }
  const { merged, conflicts } = mergeThreeWay(deployments, versions)
  assert.deepEqual(merged, labelled({ b: '2', a: '1' }))
  assert.deepEqual(conflicts, [])
})
