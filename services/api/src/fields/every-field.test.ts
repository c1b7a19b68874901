import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  referred,
  referredName,
  resolved,
  type Schema,
  schemaName,
  schemaOf,
} from '@reckon/kubernetes'
import { startedApi } from '../api.fixture.ts'
import { definitionParts } from './custom-kinds.fixture.ts'
import { alternatives, type FieldLists, isAt, type Part } from './field-lists.fixture.ts'
import { keptParts } from './kept-kinds.fixture.ts'
import { metadataPart } from './metadata.fixture.ts'
import { otherParts } from './other-parts.fixture.ts'
import { questionParts } from './questions.fixture.ts'
import { type Leaf, leavesOf, sampleOf, schemaAt, withLeaf } from './schema-leaves.fixture.ts'
import { workloadParts } from './workload-parts.fixture.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

const parts: readonly Part[] = [
  metadataPart,
  ...workloadParts,
  ...otherParts,
  ...keptParts,
  ...definitionParts,
  ...questionParts,
]

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

/** In which lists a leaf is, by the paths that name it. */
const placesOf = (
  { path }: Leaf,
  { actedOn, kept, warned, warnedAs = {}, refused, denied = {} }: FieldLists,
) =>
  Object.entries({
    'acted on': Object.values(actedOn).flat(),
    kept: Object.keys(kept),
    warned: [...warned, ...Object.keys(warnedAs)],
    refused: [...refused, ...Object.keys(denied)],
  }).filter(([, patterns]) => patterns.flatMap(alternatives).some((each) => isAt(path, each)))

for (const { name, schema, lists, url, at, base, except = [] } of parts) {
  const leaves = leavesOf(referred(schema)).filter(
    ({ path }) => !except.some((part) => isAt(path, part)),
  )
  const leavesIn = (patterns: readonly string[]) =>
    leaves.filter(({ path }) => patterns.flatMap(alternatives).some((each) => isAt(path, each)))
  /** What the api says of the object with a leaf of this part. */
  const asked = (leaf: Leaf, value: unknown) => {
    const path = [at, leaf.path].filter((each) => each !== '').join('.')
    return api.ask('POST', `${url}?dryRun=All`, { body: withLeaf(base, path, value) })
  }

  test(`every field of ${name} is in exactly one list`, () => {
    assert.ok(leaves.length > 0)
    const wrong = leaves.flatMap((leaf) => {
      const places = placesOf(leaf, lists)
      return places.length === 1 ? [] : [`${leaf.path}: ${places.map(([list]) => list).join(', ')}`]
    })
    assert.deepEqual(wrong, [])
  })

  test(`the lists of ${name} name no field that is not there`, () => {
    const { actedOn, kept, warned, warnedAs = {}, refused } = lists
    const alone = [warned, Object.keys(warnedAs), refused]
    const patterns = [Object.values(actedOn), Object.keys(kept), ...alone].flat(2)
    const unknown = patterns
      .flatMap(alternatives)
      .filter((pattern) => !leaves.some(({ path }) => isAt(path, pattern)))
    assert.deepEqual(unknown, [])
  })

  test(`what is acted on of ${name} is named in the test that proves it`, () => {
    const unproved = Object.entries(lists.actedOn).flatMap(([file, patterns]) => {
      if (!existsSync(join(root, file))) return [`${file} is not there`]
      const words = wordsOf(file)
      return leavesIn(patterns)
        .filter(({ path }) => !words.has(lastNameIn(path)))
        .map((leaf) => `${file} does not name ${leaf.path}`)
    })
    assert.deepEqual(unproved, [])
  })

  test(`what is to be refused of ${name} is refused by name`, async () => {
    for (const leaf of leavesIn(lists.refused)) {
      const answers = await Promise.all(valuesFor(leaf).map((value) => asked(leaf, value)))
      const causes = answers.flatMap(({ code, json }) =>
        code === 422 ? (json.details?.causes ?? []) : [],
      )
      const fields = causes.map(({ field = '' }) => fieldIn(at, field))
      const texts = answers.map(({ text }) => text).join('\n')
      assert.ok(
        fields.some((field) => isAt(leaf.path, field)),
        `${leaf.path}: ${texts}`,
      )
    }
  })

  test(`what is to be denied of ${name} is denied`, async () => {
    for (const [pattern, why] of Object.entries(lists.denied ?? {})) {
      for (const leaf of leavesIn([pattern])) {
        const { code, json } = await asked(leaf, sampleOf(leaf))
        assert.ok(code === 403 && json.message?.includes(why), `${leaf.path}: ${json.message}`)
      }
    }
  })

  test(`whoever writes what is only kept of ${name} is warned by its name`, async () => {
    for (const leaf of leavesIn(lists.warned)) {
      const answers = await Promise.all(valuesFor(leaf).map((value) => asked(leaf, value)))
      const warnings = answers.flatMap(({ headers }) => [headers.warning ?? []].flat().map(String))
      const named = warnings.map((text) => /^299 - "([^:]*):/.exec(text)?.[1] ?? '')
      const fields = named.map((field) => fieldIn(at, field))
      assert.ok(
        fields.some((field) => isAt(leaf.path, field)),
        `${leaf.path}: ${warnings}`,
      )
    }
  })

  test(`whoever writes what is kept as a whole of ${name} is warned of all`, async () => {
    for (const [pattern, text] of Object.entries(lists.warnedAs ?? {})) {
      for (const leaf of leavesIn([pattern])) {
        const { headers } = await asked(leaf, sampleOf(leaf))
        assert.ok(String(headers.warning).includes(text), `${leaf.path}: ${headers.warning}`)
      }
    }
  })
}

/** What an object says of itself, and what whoever acts on it says of it: a client's own is not taken, as upstream. */
const saidOfItself = ['apiVersion', 'kind', 'status']
const walked = new Set(parts.map(({ schema }) => schema))

test('every kind that is served is walked, each of its versions, and so is what a part leaves to another', () => {
  const served = api.ports.objects.resources.all.filter(({ isUsage }) => !isUsage)
  const unwalked = served.flatMap((resource) =>
    resource.servedVersions.flatMap((version) => {
      const schema = schemaOf(version, resource)
      if (walked.has(schemaName(version, resource.kind))) return []
      const { properties = {} } = resolved(schema)
      return Object.entries(properties)
        .filter(([field, each]) => !saidOfItself.includes(field) && !isWalked(each))
        .map(([field]) => `${field} of a ${resource.kind} of ${version.group}/${version.version}`)
    }),
  )
  assert.deepEqual(unwalked, [])
  const left = parts.flatMap(({ schema, except = [] }) =>
    except.map((path) => ({ path, schema, found: schemaAt(referred(schema), path) })),
  )
  assert.deepEqual(
    left.filter(({ found }) => !isWalked(found)).map(({ path, schema }) => `${path} of ${schema}`),
    [],
  )
})

const isWalked = (schema: Schema): boolean => walked.has(referredName(schema) ?? '')

/** The names that a test gives to things, and the fixture of its own beside it. */
function wordsOf(file: string): ReadonlySet<string> {
  const files = [file, file.replace('.test.ts', '.fixture.ts')].map((each) => join(root, each))
  const text = files.filter((path) => existsSync(path)).map((path) => readFileSync(path, 'utf8'))
  return new Set(
    [...text.join('\n').matchAll(/\w+(?:-\w+)*/g)].flatMap(([word]) => [word, ...word.split('-')]),
  )
}

/** `path` of `rules[].http.paths[].path`. */
const lastNameIn = (path: string): string =>
  path
    .replaceAll(/\[\]|\.\*/g, '')
    .split('.')
    .at(-1) ?? ''

/** Values of which one at least asks for more than is done anyway. */
const valuesFor = (leaf: Leaf): readonly unknown[] =>
  leaf.type === 'boolean'
    ? [true, false]
    : leaf.options.length > 0
      ? leaf.options
      : [sampleOf(leaf)]

/** A field that a cause or a warning names, as a path within the part. */
const fieldIn = (at: string, field: string): string =>
  field.replaceAll(/\[\d+\]/g, '[]').slice(at === '' ? 0 : at.length + 1)
