import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemPriorityClasses } from '@reckon/kubernetes'
import { plan } from './plan.ts'

const made = (present: Parameters<typeof plan>[0]) =>
  plan(present).map(({ priorityClass }) => priorityClass)

test("the system's classes that are missing are made, and no others", () => {
  assert.deepEqual(made([]), systemPriorityClasses)
  const [first] = systemPriorityClasses
  assert.ok(first)
  const own = { ...first, metadata: { name: 'own' } }
  assert.deepEqual(made([own, first]), systemPriorityClasses.slice(1))
  assert.deepEqual(made(systemPriorityClasses), [])
})
