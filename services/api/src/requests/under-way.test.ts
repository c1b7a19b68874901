import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { inDefault, startedApi } from '../api.fixture.ts'

const large = 'x'.repeat(900_000)

/** What asks for the figures is a request itself. */
const idle = 'apiserver_current_inflight_requests{request_kind="readOnly"} 1\n'

test('a request whose client has gone is under way no longer, a watch and a long list among them', async (t) => {
  const api = await startedApi()
  t.after(() => api.close())
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { large } }
    assert.equal((await api.ask('POST', inDefault('configmaps'), { body })).code, 201)
  }
  const figures = async () => (await api.ask('GET', '/metrics')).text
  const { port } = new URL(await api.app.listen({ host: '127.0.0.1', port: 0 }))
  const watched = /apiserver_longrunning_requests\{verb="WATCH",[^}]*\} 1\n/
  for (const query of ['', '?watch=true']) {
    const closed = Promise.withResolvers<void>()
    api.app.server.once('connection', (socket) => socket.once('close', () => closed.resolve()))
    const client = connect(Number(port), '127.0.0.1')
    // The second one waits for its turn.
    for (const path of [`${inDefault('configmaps')}${query}`, inDefault('pods')]) {
      client.write(`GET ${path} HTTP/1.1\r\nhost: api\r\n\r\n`)
    }
    await once(client, 'readable')
    if (query !== '') assert.match(await figures(), watched)
    client.resetAndDestroy()
    await closed.promise
    const since = await figures()
    assert.ok(since.includes(idle), since)
    assert.doesNotMatch(since, watched)
    const verb = query === '' ? 'LIST' : 'WATCH'
    assert.match(since, new RegExp(`apiserver_request_total\\{verb="${verb}",.*code="200"\\} 1\n`))
  }
})

test('a client that goes before it is known who asks leaves nothing under way', async (t) => {
  const [asked, known] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const admin = { name: 'admin', groups: ['system:masters'] }
  const api = await startedApi({
    async authenticator({ url }) {
      if (url === '/metrics') return admin
      asked.resolve()
      await known.promise
      return admin
    },
  })
  t.after(() => api.close())
  const { port } = new URL(await api.app.listen({ host: '127.0.0.1', port: 0 }))
  const closed = Promise.withResolvers<void>()
  api.app.server.once('connection', (socket) => socket.once('close', () => closed.resolve()))
  const client = connect(Number(port), '127.0.0.1')
  client.write(`GET ${inDefault('configmaps')} HTTP/1.1\r\nhost: api\r\n\r\n`)
  await asked.promise
  client.resetAndDestroy()
  await closed.promise
  known.resolve()
  const { text } = await api.ask('GET', '/metrics')
  assert.ok(text.includes(idle), text)
})
