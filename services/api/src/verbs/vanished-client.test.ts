import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import type { EventLog } from '@reckon/eventing'
import { createMemoryEventLog } from '@reckon/eventing/memory'
import { pods } from '@reckon/kubernetes'
import { inDefault, startedApi } from '../api.fixture.ts'

const quota = {
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'few' },
  spec: { hard: { pods: '2' } },
}
const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'nginx' }] },
})

/** A log that holds up appends to a stream until it is told to go on, and tells when one has come. */
function holding(stream: string) {
  const log = createMemoryEventLog()
  const [come, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const held: EventLog = {
    ...log,
    async append(to, ...given) {
      if (to === stream) {
        come.resolve()
        await released.promise
      }
      return log.append(to, ...given)
    },
  }
  return { log: held, come: come.promise, release: () => released.resolve() }
}

for (const stream of ['quotas-default', 'pods-default/a']) {
  test(`a client that vanishes while ${stream} is written leaves no claim behind`, async (t) => {
    const { log, come, release } = holding(stream)
    const api = await startedApi({ over: log })
    t.after(() => api.close())
    assert.equal((await api.ask('POST', inDefault('resourcequotas'), { body: quota })).code, 201)
    const { port } = new URL(await api.app.listen({ host: '127.0.0.1', port: 0 }))
    const socket = connect(Number(port), '127.0.0.1')
    const body = JSON.stringify(pod('a'))
    const headers = `host: api\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`
    socket.write(`POST ${inDefault('pods')} HTTP/1.1\r\n${headers}\r\n\r\n${body}`)
    await come
    socket.resetAndDestroy()
    await once(socket, 'close')
    release()
    // A namespace's claims are recorded one after the other: what comes after it sees what became of it.
    assert.equal((await api.ask('POST', inDefault('pods'), { body: pod('b') })).code, 201)
    const listed = await api.ask('GET', inDefault('pods'))
    assert.deepEqual(listed.json.items.map(({ metadata }) => metadata.name).sort(), ['a', 'b'])
    assert.deepEqual(api.ports.objects.quotaClaims.of('default').claims, [])
    assert.equal(api.ports.objects.count(pods), 2)
  })
}
