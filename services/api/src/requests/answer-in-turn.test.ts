import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'

test('requests that are sent without waiting for answers are carried out in their order', async (t) => {
  const api = await startedApi()
  t.after(() => api.close())
  const { port } = new URL(await api.app.listen({ host: '127.0.0.1', port: 0 }))
  const socket = connect(Number(port), '127.0.0.1').setEncoding('utf8')
  t.after(() => socket.destroy())
  const head = (method: string, path: string, more = '') =>
    `${method} ${path} HTTP/1.1\r\nhost: api\r\n${more}\r\n`
  const body = JSON.stringify(configMap('a'))
  const one = `${inDefault('configmaps')}/a`
  const type = `content-type: application/json\r\ncontent-length: ${body.length}\r\n`
  const sent = [
    head('POST', inDefault('configmaps'), type) + body,
    head('GET', one),
    head('DELETE', one),
    head('GET', one, 'connection: close\r\n'),
  ]
  let heard = ''
  socket.on('data', (text) => {
    heard += text
  })
  socket.write(sent.join(''))
  await once(socket, 'close')
  assert.deepEqual(heard.match(/(?<=HTTP\/1\.1 )\d+/g), ['201', '200', '200', '404'])
})

test('who does not send his request to its end is not waited for without end', async (t) => {
  const api = await startedApi()
  t.after(() => api.close())
  const { requestTimeout, headersTimeout } = api.app.server
  assert.ok(requestTimeout > 0 && headersTimeout > 0)
})
