import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Ingress } from '@reckon/kubernetes'
import { RunningEdge } from './edge.fixture.ts'
import { ingress } from './objects.fixture.ts'

const isLong = process.env.RECKON_TEST_LONG === '1'
const [there, added] = isLong ? [1000, 3000] : [100, 300]

let edge: RunningEdge
before(async () => {
  edge = await RunningEdge.start(['web', 'api'])
})
after(() => edge.close())

/** Each host leads to one of two Services, so that a wrong answer is noticed. */
const site = (number: number): Ingress =>
  ingress(`site-${number}`, `site-${number}.test`, {
    '/': { service: number % 2 === 0 ? 'web' : 'api' },
  })
const expected = (number: number): string => (number % 2 === 0 ? 'web' : 'api')

test(`${added} hosts are added one by one to ${there}: each answers 404 until it is there, and then rightly`, async () => {
  const ingresses = Array.from({ length: there }, (_, number) => site(number))
  await edge.apply({ ingresses })
  for (let number = there; number < there + added; number++) {
    const host = `site-${number}.test`
    const heard = new Set<string>()
    let isApplied = false
    const asking = (async () => {
      while (!isApplied) heard.add(await edge.reached(host, '/'))
    })()
    ingresses.push(site(number))
    await edge.apply({ ingresses })
    isApplied = true
    await asking
    heard.delete('404')
    heard.delete(expected(number))
    assert.deepEqual([...heard], [], host)
    assert.equal(await edge.reached(host, '/'), expected(number), host)
    const earlier = (number * 7919) % number
    assert.equal(await edge.reached(`site-${earlier}.test`, '/'), expected(earlier))
  }
  assert.deepEqual(edge.rejected, [])
})

test('all but one are removed at once: it answers, the others are unknown', async () => {
  await edge.apply({ ingresses: [site(there)] })
  assert.equal(await edge.reached(`site-${there}.test`, '/'), expected(there))
  assert.equal(await edge.reached(`site-${there + 1}.test`, '/'), '404')
})
