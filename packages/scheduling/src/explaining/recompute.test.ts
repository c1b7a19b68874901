import assert from 'node:assert/strict'
import { test } from 'node:test'
import { node, pod } from '../plugins/scenario.fixture.ts'
import { defaultPolicy } from '../policy/default-policy.ts'
import { DecidedLog } from '../replaying/decided-log.fixture.ts'
import { recompute } from './recompute.ts'

test('the verdicts behind a digest are computed again, and proved by it', () => {
  const log = new DecidedLog()
  for (let n = 0; n < 150; n += 1) log.addNode(node(`n-${n}`))
  const wanted = log.addPod(pod({ requests: { cpu: '1' } }))
  const decided = log.decide(wanted)
  assert.ok(decided.decision.digest)
  const given = { pod: wanted, cluster: log.cluster, policy: defaultPolicy }
  const all = recompute(decided, given)
  assert.deepEqual([all.nodes.length, all.isProven], [150, true])
  log.record(wanted, decided)
  const later = recompute(decided, given)
  assert.equal(later.isProven, false)
  assert.match(later.doubt ?? '', /the state is another than the one that was seen/)
})

test('what casts doubt on the verdicts is told, all of it', () => {
  const log = new DecidedLog()
  for (let n = 0; n < 101; n += 1) log.addNode(node(`n-${n}`))
  const wanted = log.addPod(pod({ requests: { cpu: '1' } }))
  const decided = log.decide(wanted)
  const { decision } = decided
  const given = { pod: wanted, cluster: log.cluster, policy: defaultPolicy }
  const doubt = (other: Partial<typeof decided>) => recompute({ ...decided, ...other }, given).doubt
  assert.equal(doubt({}), undefined)
  assert.equal(
    doubt({ decision: { ...decision, algorithm: 1 } }),
    'another version of the algorithm decided',
  )
  assert.match(doubt({ nodeName: 'x' }) ?? '', /^it comes out at n-\d+$/)
  const digest = { nodeCount: 1, suitingCount: 0, reasons: [] }
  const another = 'the digest of the verdicts is another'
  assert.equal(doubt({ decision: { ...decision, digest } }), another)
  assert.equal(doubt({ decision: { ...decision, tie: { tied: 1, rank: 0 } } }), another)
  const unversioned = { ...decision }
  delete unversioned.algorithm
  assert.match(
    doubt({ decision: unversioned, nodeName: 'x' }) ?? '',
    /^another version .*, it comes/,
  )
})
