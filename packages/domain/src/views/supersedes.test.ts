import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordedEvent } from '../recorded-event.fixture.ts'
import { Objects } from './objects.ts'
import { definitionStream, pagesDefinition } from './pages.fixture.ts'

const definition = pagesDefinition()
const object = (kind: string) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'web', namespace: 'n', uid: 'u' },
})
const status = [{ op: 'add', path: '/status', value: {} }]
const spec = [{ op: 'add', path: '/spec', value: {} }]
const intent = { id: 'e1', correlationId: 'e1' }
const sealed = { key: 'u', iv: 'i', data: 'd', tag: 't' }
const pod = object('Pod')

const cases: [what: string, is: boolean, stream: string, type: string, data: unknown][] = [
  ['a creation', true, 'pods-n/other', 'PodCreated', { object: pod }],
  ['a change', false, 'pods-n/web', 'PodChanged', { patch: spec }],
  ['a whole object', true, 'pods-n/web', 'PodChanged', { patch: spec, object: pod }],
  [
    'one without its intent',
    false,
    'pods-n/web',
    'PodStatusChanged',
    { patch: status, object: pod },
  ],
  ['one with it', true, 'pods-n/web', 'PodStatusChanged', { patch: status, object: pod, intent }],
  ['an end', true, 'pods-n/web', 'PodDeleted', { patch: [] }],
  ['an end of nothing', true, 'pods-n/other', 'PodDeleted', { patch: [] }],
  ['an end in a stream of another form', false, 'nodes-n/web', 'NodeDeleted', { patch: [] }],
  ['a sealed change', false, 'secrets-n/web', 'SecretChanged', { sealed }],
  ['a whole one', true, 'secrets-n/web', 'SecretChanged', { sealed: { ...sealed, whole: true } }],
  [
    'a definition',
    false,
    definitionStream,
    'CustomResourceDefinitionChanged',
    { patch: spec, object: definition },
  ],
  ['its end', false, definitionStream, 'CustomResourceDefinitionDeleted', { patch: [] }],
  [
    'an object of its kind',
    false,
    'pages.example.com-n/web',
    'PageCreated',
    { object: object('Page') },
  ],
  ['an end of one', false, 'pages.example.com-n/web', 'PageDeleted', { patch: [] }],
  ['an unknown kind', false, 'leaves.example.com-n/web', 'LeafDeleted', { patch: [] }],
  ['an end by another kind’s event', false, 'pods-n/other', 'NodeDeleted', { patch: [] }],
  [
    'what is no object’s',
    false,
    'quotas-n',
    'QuotaReserved',
    { stream: 's', uid: 'u', amounts: {} },
  ],
  ['what the store says', false, 'pods-n/web', '$streamDeleted', undefined],
]
for (const [what, is, stream, type, data] of cases) {
  test(`nothing before it matters: ${what}: ${is}`, () => {
    const view = new Objects()
    const recorded = (type: string, data: unknown, stream: string, position: bigint) =>
      recordedEvent(type, data, { stream, position })
    view.apply(recorded('PodCreated', { object: pod }, 'pods-n/web', 1n))
    view.apply(
      recorded('SecretCreated', { sealed: { ...sealed, whole: true } }, 'secrets-n/web', 2n),
    )
    view.apply(
      recorded('CustomResourceDefinitionCreated', { object: definition }, definitionStream, 3n),
    )
    const event = recorded(type, data, stream, 4n)
    if (type !== 'NodeDeleted' || stream.startsWith('nodes-')) view.apply(event)
    assert.equal(view.supersedes(event), is)
  })
}

test('a change that is not whole is not looked into', () => {
  const view = new Objects()
  const at = (position: bigint) => ({ stream: 'pods-n/web', position })
  view.apply(recordedEvent('PodCreated', { object: pod }, at(1n)))
  const changed = recordedEvent('PodChanged', { patch: spec }, at(2n))
  view.apply(changed)
  const unread = {
    ...changed,
    get data() {
      return assert.fail('it is parsed')
    },
  }
  assert.equal(view.supersedes(unread), false)
})
