import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BreakerOptions, CircuitBreaker } from './circuit-breaker.ts'

const away = new Error('away')

function breakerOver(options: Partial<BreakerOptions> = {}) {
  const halfOpen = Promise.withResolvers<void>()
  const asked: string[] = []
  const breaker = new CircuitBreaker(
    async (what: string) => {
      asked.push(what)
      if (what !== 'well') throw away
      return 'answer'
    },
    {
      ...{ name: 'test', resetMs: 1, opensAt: 'FirstFailure' },
      onHalfOpen: () => halfOpen.resolve(),
      ...options,
    },
  )
  return { breaker, asked, halfOpen: halfOpen.promise }
}

test('the first failure opens it, what is tried then well closes it', async () => {
  const { breaker, asked, halfOpen } = breakerOver()
  await assert.rejects(breaker.call('badly'), away)
  assert.equal(breaker.isClosed, false)
  await assert.rejects(breaker.call('well'), /open/)
  assert.deepEqual(asked, ['badly'])
  await halfOpen
  assert.equal(await breaker.call('well'), 'answer')
  assert.equal(breaker.isClosed, true)
  breaker.close()
})

test('half of at least five calls must fail where one may', async () => {
  const { breaker } = breakerOver({ opensAt: 'HalfOfCalls', resetMs: 60_000 })
  for (const what of ['well', 'badly', 'badly', 'well']) await breaker.call(what).catch(() => {})
  assert.equal(breaker.isClosed, true)
  await breaker.call('badly').catch(() => {})
  assert.equal(breaker.isClosed, false)
  breaker.close()
})

test('what is no failure of what is called leaves it closed', async () => {
  const { breaker } = breakerOver({ isFailure: () => false })
  await assert.rejects(breaker.call('badly'), away)
  assert.equal(breaker.isClosed, true)
  breaker.close()
})

test('a failure that was seen elsewhere opens it', async () => {
  const { breaker, asked } = breakerOver({ resetMs: 60_000 })
  breaker.open()
  await assert.rejects(breaker.call('well'), /open/)
  assert.deepEqual(asked, [])
  breaker.close()
})
