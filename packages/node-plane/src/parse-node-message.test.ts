import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  parseApplied,
  parseChanges,
  parseHead,
  parseHeartbeat,
  parseLowestApplied,
  parseReadPage,
  parseReadRequest,
  parseReportReply,
  parseSecretReply,
  parseSecretRequest,
} from './parse-node-message.ts'

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

const cause = { id: 'i', correlationId: 'c' }
const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'a' } }
const upsert = { type: 'Upsert', resource: 'pods', object, cause }
const remove = { type: 'Remove', resource: 'pods', namespace: 'a', name: 'web', uid: 'u', cause }
const settings = { clusterCidr: 'a', serviceCidr: 'b', domain: 'c', clusterDns: 'd' }
const page = {
  read: 'r',
  page: 2,
  pages: 3,
  position: '9',
  cluster: 'c',
  settings,
  changes: [upsert],
}
const sealed = { iv: 'i', tag: 't', data: '', ephemeral: 'e' }

/** What each kind of message is, and what it is not. */
const cases = [
  [
    parseHead,
    [{ position: '7' }],
    [{}, { position: 7 }, { position: '' }, { position: '1'.repeat(21) }],
  ],
  [parseApplied, [{ position: '0' }], [{}, null, []]],
  [parseLowestApplied, [{}, { position: '7' }], [null, { position: null }, { position: 'x' }]],
  [
    parseHeartbeat,
    [{ bootId: 'b' }],
    [{}, { bootId: '' }, { bootId: 1 }, { bootId: 'x'.repeat(5000) }],
  ],
  [parseReadRequest, [{ wire: 'Own' }, { wire: 'Shared' }], [{}, { wire: 'Trusted' }, 7]],
  [
    parseSecretRequest,
    [{ namespace: 'a', name: 'b' }],
    [{}, { namespace: 'a' }, { namespace: 'a', name: {} }],
  ],
  [
    parseSecretReply,
    [{}, { resourceVersion: '7', sealed }],
    [null, { sealed: 1 }, { sealed }, { resourceVersion: '7', sealed: { ...sealed, data: 1 } }],
  ],
  [
    parseReportReply,
    [{ outcome: 'Busy' }, { outcome: 'Recorded', boot: 1 }],
    [{}, { outcome: 'Done' }],
  ],
  [
    parseChanges,
    [{ changes: [] }, { changes: [upsert, remove] }],
    [
      {},
      { changes: {} },
      { changes: [1] },
      { changes: [{ ...upsert, type: 'Other' }] },
      { changes: [{ ...upsert, resource: 7 }] },
      { changes: [{ ...upsert, cause: undefined }] },
      { changes: [{ ...upsert, object: { ...object, metadata: {} } }] },
      { changes: [{ ...upsert, object: { ...object, kind: 1 } }] },
      { changes: [{ ...upsert, object: { ...object, spec: [] } }] },
      { changes: [{ ...remove, name: undefined }] },
    ],
  ],
  [
    parseReadPage,
    [page, { ...page, changes: [] }, { ...page, heartbeatSeconds: 10 }],
    [
      { ...page, page: 0 },
      { ...page, page: 4 },
      { ...page, page: 1.5 },
      { ...page, pages: undefined },
      { ...page, position: 9 },
      { ...page, read: '' },
      { ...page, cluster: 1 },
      { ...page, settings: {} },
      { ...page, heartbeatSeconds: 0 },
      { ...page, heartbeatSeconds: 1.5 },
      { ...page, changes: [remove] },
    ],
  ],
] as const

test('each message is what it says, or makes no sense: nothing else ever comes out', () => {
  for (const [parse, right, wrong] of cases) {
    for (const said of right) parse(encode(said))
    for (const said of wrong) {
      const text = `${parse.name}: ${JSON.stringify(said)}`
      assert.throws(() => parse(encode(said)), SyntaxError, text)
    }
    for (const bytes of [new Uint8Array(), Uint8Array.of(0xff, 0), encode('x'), encode(null)]) {
      assert.throws(() => parse(bytes), SyntaxError, parse.name)
    }
  }
})

test('of what is said only what belongs to it is taken', () => {
  const [taken] = parseChanges(encode({ changes: [{ ...remove, more: 1, __proto__: { x: 1 } }] }))
  assert.deepEqual(taken, remove)
  assert.deepEqual(parseReadRequest(encode({ wire: 'Own', node: 'other' })), { wire: 'Own' })
})
