import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Amounts } from '../amounts.ts'
import { decideClaims, type QuotaUse } from './decide-claims.ts'
import type { QuotaClaim } from './quota-claim.ts'

const claim = (uid: string, few: Amounts): QuotaClaim => ({
  ...{ stream: `pods-team/${uid}`, uid, amounts: { few } },
})
const uses = (hard: Amounts, used: Amounts): QuotaUse[] => [
  {
    quota: {
      ...{ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'few', namespace: 'team' } },
      spec: { hard },
    },
    used,
  },
]
const reserving = (of: QuotaClaim) => ({ type: 'Reserve', claim: of }) as const

test('what is used, what is claimed and what came before in this turn count', () => {
  const one = { pods: '1' }
  const outcomes = decideClaims(
    uses({ pods: '4' }, { pods: '1' }),
    [claim('a', one)],
    [reserving(claim('b', one)), reserving(claim('c', one)), reserving(claim('d', one))],
  )
  assert.deepEqual(
    outcomes.map(({ event, refusal }) => event?.type ?? refusal),
    [
      'QuotaReserved',
      'QuotaReserved',
      'exceeded quota: few, requested: pods=1, used: pods=4, limited: pods=4',
    ],
  )
})

test('what is released makes room; who claims twice, or releases what is not claimed, changes nothing', () => {
  const a = claim('a', { pods: '1' })
  const b = claim('b', { pods: '1' })
  const release = { type: 'Release', holder: { stream: a.stream, uid: a.uid } } as const
  const outcomes = decideClaims(
    uses({ pods: '2' }, {}),
    [a],
    [reserving(a), release, release, reserving(b)],
  )
  assert.deepEqual(
    outcomes.map(({ event }) => event?.type),
    [undefined, 'QuotaReleased', undefined, 'QuotaReserved'],
  )
})

test('a quota refuses by what it is exceeded in only', () => {
  const asked = claim('a', { pods: '1', 'requests.memory': '1536Mi' })
  const hard = { pods: '5', 'requests.memory': '2Gi' }
  const [outcome] = decideClaims(uses(hard, { 'requests.memory': '1Gi' }), [], [reserving(asked)])
  assert.equal(
    outcome?.refusal,
    'exceeded quota: few, requested: requests.memory=1536Mi, used: requests.memory=1Gi, limited: requests.memory=2Gi',
  )
})
