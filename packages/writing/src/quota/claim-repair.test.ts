import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quotaStream } from '@reckon/domain'
import { foundedCluster } from '../cluster.fixture.ts'
import { readClaimCause } from './claim-repair.ts'

test('what claimed something for a holder is the last reservation of that very holder', async () => {
  const { ports, ids, log } = await foundedCluster()
  const [a, b] = ['a', 'b'].map((uid) => ({ stream: `pods-default/${uid}`, uid }))
  assert.ok(a && b)
  const metadata = { actor: { user: 'ada' }, verb: 'test', time: '', $correlationId: 'c' }
  const event = (type: string, data: object) => ({ id: ids.next(), type, data, metadata })
  const reserved = (holder: object) => event('QuotaReserved', { ...holder, amounts: {} })
  const [first, again, other] = [reserved(a), reserved(a), reserved(b)]
  const events = [first, event('QuotaReleased', a), again, event('QuotaReleased', a), other]
  await log.append(quotaStream('default'), 'NoStream', events)
  const cause = await readClaimCause(ports, 'default', a)
  assert.deepEqual(cause, { id: again.id, correlationId: 'c' })
  assert.equal((await readClaimCause(ports, 'default', b))?.id, other.id)
  const nobody = { stream: 'pods-default/c', uid: 'c' }
  assert.equal(await readClaimCause(ports, 'default', nobody), undefined)
})
