import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventTypes, rulesOf } from '@reckon/domain'
import { categoryOf } from '@reckon/eventing'
import { type Resource, resourceId, resources } from '@reckon/kubernetes'
import { goldens } from './golden-events.ts'

const frozen = new Set(
  goldens.flatMap(({ events }) =>
    events.map(({ event: { stream, type } }) => `${categoryOf(stream)} ${type}`),
  ),
)

test('every type of event that a built-in kind has is among the frozen ones', () => {
  const kept = resources.filter(({ isReview, isUsage }) => !isReview && !isUsage)
  const missing = kept.flatMap((resource) =>
    typesOf(resource)
      .map((type) => `${resourceId(resource)} ${type}`)
      .filter((each) => !frozen.has(each)),
  )
  assert.deepEqual(missing, [], 'README.md tells how an example is frozen')
})

/** Those that every kind has, and its own. */
function typesOf(resource: Resource): string[] {
  const { statusChanged, ...general } = eventTypes(resource.kind)
  const ofStatus = resource.subresources.includes('status') ? [statusChanged] : []
  const own = rulesOf(resource).changes ?? []
  return [...Object.values(general), ...ofStatus, ...own.map(({ type }) => type)]
}
