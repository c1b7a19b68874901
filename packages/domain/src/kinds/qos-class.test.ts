import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PodSpec } from '@reckon/kubernetes'
import { qosClassOf } from './qos-class.ts'

type Amounts = Record<string, string>
const container = (requests?: Amounts, limits?: Amounts) => ({
  name: 'c',
  resources: { ...(requests && { requests }), ...(limits && { limits }) },
})
const pod = (containers: object[], initContainers?: object[]): PodSpec =>
  ({ containers, ...(initContainers && { initContainers }) }) as unknown as PodSpec
const both = { cpu: '1', memory: '1Gi' }

const cases: [what: string, spec: PodSpec, wanted: string][] = [
  ['asks for nothing', pod([container()]), 'BestEffort'],
  ['says nothing of resources', pod([{ name: 'c' }]), 'BestEffort'],
  ['asks for what does not count', pod([container({ 'x.io/gpu': '1' })]), 'BestEffort'],
  ['is limited to what it asks for', pod([container(both, both)]), 'Guaranteed'],
  ['is limited and asks for the same unsaid', pod([container(undefined, both)]), 'Guaranteed'],
  ['asks and has no limits', pod([container(both)]), 'Burstable'],
  ['asks for processor alone', pod([container({ cpu: '1' })]), 'Burstable'],
  ['asks for memory alone', pod([container({ memory: '1Gi' })]), 'Burstable'],
  ['is limited in one alone', pod([container(undefined, { cpu: '1' })]), 'Burstable'],
  [
    'asks for less than its limit',
    pod([container({ cpu: '1' }, { ...both, cpu: '2' })]),
    'Burstable',
  ],
  [
    'has one container that asks for nothing',
    pod([container(both, both), container()]),
    'Burstable',
  ],
  [
    'has an init container that asks for nothing',
    pod([container(both, both)], [container()]),
    'Burstable',
  ],
  ['has an init container alone that asks', pod([container()], [container(both)]), 'Burstable'],
]
for (const [what, spec, wanted] of cases) {
  test(`a pod that ${what} is ${wanted}`, () => assert.equal(qosClassOf(spec), wanted))
}
