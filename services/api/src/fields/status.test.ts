import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { parseApiVersion, resolved, schemaOf } from '@reckon/kubernetes'
import { startedApi } from '../api.fixture.ts'
import { completeObjects } from '../complete-objects.fixture.ts'
import { leavesOf, sampleOf, withLeaf } from './schema-leaves.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

for (const [url, object] of completeObjects) {
  const { kind, metadata, ...content } = object
  // Its status is for its maker to say, as upstream.
  if (kind === 'Node') continue
  test(`no field of the status of a ${kind} is taken from who creates it`, async () => {
    const resource = api.ports.objects.resources.all.find((each) => each.kind === kind)
    assert.ok(resource)
    const version = parseApiVersion(String(object.apiVersion))
    const { status } = resolved(schemaOf(version, resource)).properties ?? {}
    const created = async (leaf: object) => {
      const body = { kind, metadata: { ...Object(metadata), name: 'told' }, ...content, ...leaf }
      const { code, json, text } = await api.ask('POST', `${url}?dryRun=All`, { body })
      assert.equal(code, 201, text)
      return json.status
    }
    const own = await created({})
    for (const leaf of status ? leavesOf(status) : []) {
      const value = leaf.options[0] ?? sampleOf(leaf)
      const sent = withLeaf({}, `status.${leaf.path}`, value)
      assert.deepEqual(await created(Object(sent)), own, leaf.path)
    }
  })
}
