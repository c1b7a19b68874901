import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { sendTagged, tagged } from './tagged-answer.ts'

test('the same text has the same tag, and another text another', () => {
  assert.equal(tagged('a').tag, tagged(Buffer.from('a')).tag)
  assert.notEqual(tagged('a').tag, tagged('b').tag)
})

test('what is kept with its tag is answered under that; who has it already gets nothing anew', async () => {
  const kept = { text: '{}', tag: 'KEPT' }
  const app = Fastify()
  app.get('/', (request, reply) => sendTagged(request, reply, kept))
  const first = await app.inject('/')
  assert.deepEqual([first.statusCode, first.body, first.headers.etag], [200, '{}', '"KEPT"'])
  const again = await app.inject({ url: '/', headers: { 'if-none-match': '"KEPT"' } })
  assert.deepEqual([again.statusCode, again.body], [304, ''])
  await app.close()
})
