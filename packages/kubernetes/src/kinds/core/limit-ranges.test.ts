import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LimitRange, LimitRangeItem } from '../../object.ts'
import { limitRanges } from './limit-ranges.ts'

const rangeOf = (...limits: LimitRangeItem[]): LimitRange => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name: 'limits' },
  spec: { limits },
})
const findings = (...limits: LimitRangeItem[]) =>
  limitRanges.validate(rangeOf(...limits)).map(({ field, message }) => `${field}: ${message}`)

test('a maximum is the default limit, that or a minimum the default request', () => {
  const range = rangeOf({ type: 'Container', max: { cpu: '1' }, min: { memory: '1Mi' } })
  limitRanges.setDefaults(range)
  assert.deepEqual(range.spec.limits[0]?.default, { cpu: '1' })
  assert.deepEqual(range.spec.limits[0]?.defaultRequest, { cpu: '1', memory: '1Mi' })
})

test('bounds that contradict each other are named', () => {
  assert.deepEqual(findings({ type: 'Container', min: { cpu: '2' }, max: { cpu: '1' } }), [
    'spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
  ])
  assert.deepEqual(
    findings({ type: 'Container', default: { cpu: '1' }, defaultRequest: { cpu: '2' } }),
    [
      'spec.limits[0].defaultRequest[cpu]: Invalid value: "2": default request value 2 is greater than default limit value 1',
    ],
  )
  assert.deepEqual(findings({ type: 'Container', maxLimitRequestRatio: { cpu: '500m' } }), [
    'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "500m": ratio 500m is less than 1',
  ])
})

test('types are known ones, once each, and a pod has no defaults', () => {
  assert.deepEqual(findings({ type: 'Thing' }), [
    'spec.limits[0].type: Invalid value: "Thing": must be a standard limit type or fully qualified',
  ])
  assert.deepEqual(findings({ type: 'Pod' }, { type: 'Pod' }), [
    'spec.limits[1].type: Duplicate value: "Pod"',
  ])
  assert.deepEqual(findings({ type: 'Pod', default: { cpu: '1' } }), [
    "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'",
  ])
})
