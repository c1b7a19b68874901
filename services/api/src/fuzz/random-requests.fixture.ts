import assert from 'node:assert/strict'
import {
  apiVersionOf,
  type GroupVersion,
  isJsonObject,
  type KubernetesObject,
  type Resource,
  schemaOf,
  validateCreate,
} from '@reckon/kubernetes'
import type { Random } from '@reckon/kubernetes/random'
import type { Answer, startedApi } from '../api.fixture.ts'
import { completeObjects } from '../complete-objects.fixture.ts'
import { mutated, randomValue, strangeValue } from './random-values.fixture.ts'

type Api = Awaited<ReturnType<typeof startedApi>>
type Collection = { resource: Resource; version: GroupVersion; url: string }

const urlOf = ({ namespaced, plural }: Resource, { group, version }: GroupVersion): string =>
  `${group === '' ? '/api' : '/apis'}/${apiVersionOf({ group, version })}${namespaced ? '/namespaces/default' : ''}/${plural}`

function collectionIn({ ports }: Api, random: Random): Collection {
  const resource = random.of(ports.objects.resources.all)
  const version = random.of(resource.servedVersions)
  return { resource, version, url: urlOf(resource, version) }
}

/** An object of the kind: made from its schema, or a good one in which something is wrong. */
function objectFor({ resource, version, url }: Collection, random: Random, name: string): unknown {
  const [, good] = completeObjects.find(([at]) => at === url) ?? []
  const isMade = good === undefined || random.chance(0.5)
  const made = isMade ? randomValue(schemaOf(version, resource), random) : mutated(good, random)
  if (!isJsonObject(made) || random.chance(0.05)) return made
  const metadata = random.chance(0.9) ? { name } : { ...fieldsOf(made.metadata), name }
  return random.chance(0.05)
    ? made
    : { ...made, apiVersion: apiVersionOf(version), kind: resource.kind, metadata }
}

const fieldsOf = (value: unknown): object => (isJsonObject(value) ? value : {})

/** A refusal is a Status that says why; nothing that a client sends is our bug. */
function checkAnswer(api: Api, { code, text }: Answer): void {
  const bugs = api.errors
    .splice(0)
    .map((fields) =>
      isJsonObject(fields) && fields.err instanceof Error ? fields.err.stack : fields,
    )
  assert.deepEqual(bugs, [])
  assert.ok(code < 500)
  if (code < 400) return
  const status = JSON.parse(text)
  assert.deepEqual([status.kind, status.status, status.code], ['Status', 'Failure', code])
  assert.ok(status.reason && status.message)
}

/** What is stored is what validation takes, and what was refused has changed nothing. */
function checkStored(
  { ports }: Api,
  resource: Resource,
  { before, answer }: { before: KubernetesObject | undefined; answer: Answer },
): void {
  if (answer.code >= 400 || resource.isReview) return
  const { namespace = '', name } = answer.json.metadata ?? {}
  const stored = name ? ports.objects.get(resource, namespace, name)?.object : undefined
  if (stored === undefined || before?.metadata.deletionTimestamp) return
  validateCreate(resource, stored)
  assert.deepEqual(JSON.parse(JSON.stringify(stored)), stored)
}

/** One request that changes something, or tries to; what is wrong with the answer, or with what came of it. */
export async function askedAtRandom(
  api: Api,
  random: Random,
  name: string,
): Promise<string | undefined> {
  const collection = collectionIn(api, random)
  const { resource, url } = collection
  const namespace = resource.namespaced ? 'default' : ''
  const objects = [...api.ports.objects.scan(resource)]
    .map(({ object }) => object)
    .filter(({ metadata }) => (metadata.namespace ?? '') === namespace)
  const known = objects.length > 0 && random.chance(0.4) ? random.of(objects) : undefined
  const at = known?.metadata.name ?? name
  const path = known ? `${url}/${encodeURIComponent(at)}` : url
  const status = known && random.chance(0.2) ? '/status' : ''
  const made = objectFor(collection, random, at)
  const partial = known ? mutated(known, random) : made
  const requests: readonly (readonly [
    method: string,
    url: string,
    body: unknown,
    type?: string,
  ])[] =
    known === undefined
      ? [['POST', path, made]]
      : [
          ['PUT', `${path}${status}`, random.chance(0.5) ? made : partial],
          ['PATCH', `${path}${status}`, partial, 'application/merge-patch+json'],
          ['PATCH', `${path}${status}`, partial, 'application/strategic-merge-patch+json'],
          ['PATCH', path, made, 'application/apply-patch+yaml'],
          ['PATCH', path, patchOf(known, random), 'application/json-patch+json'],
          ['DELETE', path, random.chance(0.5) ? undefined : strangeValue(random)],
        ]
  const [method, target, body, type = 'application/json'] = random.of(requests)
  const manager = type.includes('apply') ? '?fieldManager=fuzz&force=true' : ''
  const text = body === undefined ? undefined : JSON.stringify(body)
  const before = api.ports.objects.get(resource, namespace, at)?.object
  const answer = await api.ask(method, `${target}${manager}`, {
    ...(text !== undefined && { body: text }),
    type,
  })
  try {
    checkAnswer(api, answer)
    checkStored(api, resource, { before, answer })
    const after = api.ports.objects.get(resource, namespace, at)?.object
    if (answer.code >= 400) assert.deepEqual(after, before)
    return undefined
  } catch (error) {
    const asked = `${method} ${target} ${type} ${text?.slice(0, 1_000)}`
    return `${name}: ${asked}\n${answer.code} ${answer.text.slice(0, 500)}\n${String(error)}`
  }
}

function patchOf(object: KubernetesObject, random: Random): unknown {
  const paths = [
    '/metadata/labels',
    '/spec',
    '/spec/-',
    '/data/a',
    '/metadata/name',
    '',
    '/status/x',
  ]
  const operation = () => ({
    op: random.of(['add', 'remove', 'replace', 'move', 'copy', 'test', 'x']),
    path: random.of([...paths, ...Object.keys(object).map((field) => `/${field}`)]),
    ...(random.chance(0.8) && { value: strangeValue(random) }),
    ...(random.chance(0.3) && { from: random.of(paths) }),
  })
  return random.chance(0.1) ? strangeValue(random) : [operation(), operation()]
}
