import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordedEvent } from '../recorded-event.fixture.ts'
import { evolveClaims, type QuotaClaim, quotaEventIn } from './quota-claim.ts'

const claim = (stream: string, uid: string, attempt?: string): QuotaClaim => ({
  ...{ stream, uid, amounts: { few: { pods: '1' } } },
  ...(attempt && { attempt }),
})

test('a release ends the claim of the same object and attempt, and no other', () => {
  const claims = [
    claim('pods-team/a', 'u1'),
    claim('pods-team/b', 'u1'),
    claim('pods-team/a', 'u2'),
    claim('pods-team/a', 'u1', 'second'),
  ]
  const release = recordedEvent('QuotaReleased', { stream: 'pods-team/a', uid: 'u1' })
  assert.deepEqual(evolveClaims(claims, quotaEventIn(release)), claims.slice(1))
})

test('a claim that is recorded stands', () => {
  const data = claim('pods-team/a', 'u1')
  assert.deepEqual(evolveClaims([], quotaEventIn(recordedEvent('QuotaReserved', data))), [data])
})
