import assert from 'node:assert/strict'
import { type OutgoingHttpHeaders, request } from 'node:http'
import { after, before, test } from 'node:test'
import { configMap, inDefault, startedApi } from '../api.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

const configMaps = inDefault('configmaps')
const ask = (body: string, type?: string) =>
  api.ask('POST', configMaps, { body, ...(type && { type }) })

test('who sends too much is told so, and not cut off before it has read that', async () => {
  const base = await api.app.listen({ host: '127.0.0.1', port: 0 })
  const piece = Buffer.alloc(64 * 1024, ' ')
  const send = (headers: OutgoingHttpHeaders) =>
    new Promise<string>((resolve, reject) => {
      const sent = request(`${base}${configMaps}`, { method: 'POST', headers }, async (answer) => {
        const text = (await answer.setEncoding('utf8').toArray()).join('')
        resolve(`${answer.statusCode} ${JSON.parse(text).message}`)
      })
      sent.once('error', reject)
      const write = (left: number): void => {
        if (left === 0) return void sent.end()
        sent.write(piece, () => write(left - 1))
      }
      write(160)
    })
  const type = { 'content-type': 'application/json' }
  const refused = '413 Request entity too large: limit is 3145728'
  for (let n = 0; n < 5; n++) {
    assert.equal(await send({ ...type, 'content-length': 160 * piece.length }), refused)
    assert.equal(await send(type), refused)
  }
})

/** Each level names the one before it nine times. */
const laughs = ['a: &a [x, x]', ...['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh'].map(levelOf)].join(
  '\n',
)

function levelOf([below, name]: string): string {
  return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${below}`)}]`
}

test('what is wrong with a text is said in words of its format', async () => {
  const cases: readonly [body: string, type: string, why: string][] = [
    [
      '{"a":',
      'application/json',
      "couldn't get version/kind; json parse error: unexpected end of JSON input",
    ],
    [
      '{a}',
      'application/json',
      "couldn't get version/kind; json parse error: expected property name or '}' in JSON at position 1 (line 1 column 2)",
    ],
    ['{"a": [}]', 'application/json', "json parse error: invalid character '}' looking for"],
    ['a: [', 'application/yaml', 'error converting YAML to JSON: yaml: line 1: Flow sequence'],
    ['['.repeat(100_000), 'application/yaml', 'exceeded max depth'],
    [
      laughs,
      'application/yaml',
      'error converting YAML to JSON: yaml: document contains excessive aliasing',
    ],
  ]
  for (const [body, type, why] of cases) {
    const { code, text, json } = await ask(body, type)
    assert.equal(code, 400)
    assert.ok(json.message?.includes(why), text)
    assert.doesNotMatch(json.message ?? '', /YAML\.|call stack|\n/)
  }
})

test('of several documents the first one counts', async () => {
  const yaml = 'metadata: {name: first}\n---\nmetadata: {name: second}\n'
  const { json } = await ask(yaml, 'application/yaml')
  assert.equal(json.metadata.name, 'first')
})

test('half of a character becomes the sign for what is none', async () => {
  const inJson = await ask(
    '{"metadata":{"name":"half"},"data":{"a":"x\\ud800","b":"\\ud83d\\ude00"}}',
  )
  assert.deepEqual(inJson.json.data, { a: 'x\ufffd', b: '\u{1f600}' })
  const yaml = 'metadata: {name: half-yaml}\ndata: {a: "x\\ud800"}\n'
  assert.deepEqual((await ask(yaml, 'application/yaml')).json.data, { a: 'x\ufffd' })
})

test('strict reading names unknown fields before those that occur twice', async () => {
  const body = '{"metadata":{"name":"d"},"data":{"a":"1","a":"2"},"foo":1}'
  const { json } = await api.ask('POST', `${configMaps}?fieldValidation=Strict`, { body })
  assert.match(
    json.message ?? '',
    /strict decoding error: unknown field "foo", duplicate field "data.a"$/,
  )
})

test('a deletion whose options are something else deletes nothing', async () => {
  await api.ask('POST', configMaps, { body: configMap('kept') })
  const { code, json } = await api.ask('DELETE', `${configMaps}/kept`, { body: configMap('kept') })
  assert.equal(code, 400)
  assert.match(json.message ?? '', /^no kind "ConfigMap" is registered for version "v1"/)
  const options = { kind: 'DeleteOptions', apiVersion: 'v1' }
  assert.equal((await api.ask('DELETE', `${configMaps}/kept`, { body: options })).code, 200)
})
