import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replicasByUsage, type Target } from './replicas-by-usage.ts'
import type { UsageSample } from './usage-sample.ts'

const measured = { resource: 'cpu' }
const half: Target = { utilization: 50 }
const ready = (usage: number, request = 100): UsageSample => ({
  ...{ pod: `pod-${usage}`, standing: 'Ready', usage, request },
})
const other = (standing: UsageSample['standing'], request = 100): UsageSample => ({
  ...{ pod: standing, standing, request },
})

const given = (...samples: UsageSample[]) => ({
  wants: (replicas: number, target: Target = half) => {
    const found = replicasByUsage(samples, target, { measured, current: samples.length })
    assert.equal('replicas' in found ? found.replicas : found.unknown, replicas)
  },
  isUnknown: (why: RegExp, target: Target = half) => {
    const found = replicasByUsage(samples, target, { measured, current: samples.length })
    assert.match('unknown' in found ? found.unknown : String(found.replicas), why)
  },
})

test('as many pods as bring the use to the target, whole ones', () => {
  given(ready(100), ready(100)).wants(4)
  given(ready(20), ready(20)).wants(1)
  given(ready(60), ready(90)).wants(3)
  given(ready(300, 400), ready(100, 400)).wants(2, { value: 200 })
  given(ready(300)).wants(2, { value: 200 })
})

test('a tenth more or less is as wanted', () => {
  given(ready(55), ready(55)).wants(2)
  given(ready(45), ready(45)).wants(2)
  given(ready(56), ready(56)).wants(3)
  given(ready(44), ready(44), ready(44), ready(44), ready(44)).wants(5)
})

test('what is not known counts as if all were well: neither direction is taken for it', () => {
  given(ready(100), other('Missing')).wants(2)
  given(ready(160), other('Missing')).wants(4)
  given(ready(10), ready(10), other('Missing')).wants(3)
  given(ready(0), ready(0), ready(0), other('Missing')).wants(2)
  given(ready(100, 400), other('Missing', 400)).wants(2, { value: 200 })
})

test('pods that start count as idle where there would be more, and not at all where there would be fewer', () => {
  given(ready(200), other('Unready')).wants(4)
  given(ready(90), other('Unready')).wants(2)
  given(ready(20), ready(20), other('Unready')).wants(1)
  given(ready(100), other('Ignored')).wants(2)
})

test('why nothing is known is told as upstream tells it', () => {
  given().isUnknown(/^no pods returned by selector while calculating replica count$/)
  given(other('Missing')).isUnknown(/no metrics returned from resource metrics API$/)
  given({ ...ready(5), standing: 'Unready' }).isUnknown(/pods might be unready/)
  const silent: UsageSample = { pod: 'web', standing: 'Ready', usage: 5, unasked: 'app' }
  given(silent).isUnknown(/^missing request for cpu in container app of Pod web$/)
  given(silent).wants(1, { value: 5 })
})

test('what is used is told beside what is wanted', () => {
  const found = replicasByUsage([ready(100), ready(51)], half, { measured, current: 2 })
  assert.deepEqual(found, { replicas: 3, averageValue: 75, averageUtilization: 75 })
  const plain = replicasByUsage([ready(100)], { value: 50 }, { measured, current: 1 })
  assert.deepEqual(plain, { replicas: 2, averageValue: 100 })
})
