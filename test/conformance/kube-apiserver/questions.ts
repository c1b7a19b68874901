import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { apiVersionOf, isJsonObject, type JsonObject, type Resource } from '@reckon/kubernetes'

/** A new object, created as a dry run. */
export type Question = {
  /** Its line in `questions.txt`. */
  line: string
  path: string
  body: JsonObject
  /** Why our answer differs from upstream's; absent where it does not. */
  why?: string
}

const containers = [{ name: 'c', image: 'i' }]
const selecting = (spec: JsonObject) => ({
  selector: { matchLabels: { a: 'b' } },
  template: { metadata: { labels: { a: 'b' } }, spec },
})
const ofJob = (restartPolicy: string) => ({ template: { spec: { containers, restartPolicy } } })

/** The names of the objects, so that answers can be told apart by eye. */
const names: Readonly<Record<string, string>> = {
  pods: 'p',
  deployments: 'd',
  replicasets: 'd',
  statefulsets: 'd',
  daemonsets: 'd',
  jobs: 'j',
  cronjobs: 'cj',
  services: 's',
  configmaps: 'c',
  secrets: 'c',
  ingresses: 'i',
  ingressclasses: 'x',
  networkpolicies: 'n',
  roles: 'r',
  clusterroles: 'r',
  rolebindings: 'r:x',
  clusterrolebindings: 'r:x',
  horizontalpodautoscalers: 'h',
  poddisruptionbudgets: 'b',
  namespaces: 'nn',
  nodes: 'nn',
  priorityclasses: 'x',
}

/** The specs that questions change; questions about other kinds contain the whole object. */
const specs: Readonly<Record<string, JsonObject>> = {
  pods: { containers },
  deployments: selecting({ containers }),
  replicasets: selecting({ containers }),
  statefulsets: selecting({ containers }),
  daemonsets: selecting({ containers }),
  jobs: ofJob('Never'),
  cronjobs: { schedule: '* * * * *', jobTemplate: { spec: ofJob('OnFailure') } },
}

/** Whether an answer is the saved one, where `…` stands for what Go prints in its own way. */
export const isAnswer = (ours: string, theirs: string): boolean =>
  new RegExp(`^${theirs.split('…').map(RegExp.escape).join('.*')}$`).test(ours)

/**
 * The questions of `questions.txt`: a line is the plural of a kind and what a new object of it has besides the least
 * that one needs; `container` is what the pod's only container has. A line that begins with `#` says why the next one
 * is answered otherwise.
 */
export function readQuestions(resources: Iterable<Resource>): readonly Question[] {
  // The first question of a kind has the kind's name; later ones are numbered.
  const named = new Map([...resources].reverse().map((resource) => [resource.plural, resource]))
  let why: string | undefined
  return linesOf('questions.txt').flatMap((line) => {
    if (line === '') return []
    if (line.startsWith('# ')) {
      why = line.slice(2)
      return []
    }
    const question = questionOf(line, named)
    const asked = why === undefined ? question : { ...question, why }
    why = undefined
    return [asked]
  })
}

export const linesOf = (file: string): readonly string[] =>
  readFileSync(new URL(file, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')

function questionOf(line: string, named: ReadonlyMap<string, Resource>): Question {
  const [plural = '', text = ''] = line.split(/ (.*)/s)
  const resource = named.get(plural)
  if (resource === undefined) throw new Error(`there is no kind ${plural}`)
  const { metadata = {}, spec, container, ...others }: Record<string, JsonObject> = JSON.parse(text)
  const wanted: JsonObject = { ...specs[plural], ...spec }
  if (container) wanted.containers = [{ ...containers[0], ...container }]
  const apiVersion = apiVersionOf(resource)
  const within = resource.namespaced ? '/namespaces/default' : ''
  const root = resource.group === '' ? '/api' : '/apis'
  return {
    line,
    path: `${root}/${apiVersion}${within}/${plural}?dryRun=All`,
    body: {
      ...{ apiVersion, kind: resource.kind, metadata: { name: names[plural] ?? 'l', ...metadata } },
      ...(Object.keys(wanted).length > 0 || spec ? { spec: wanted } : {}),
      ...others,
    },
  }
}

/**
 * An answer as a line that is equal wherever answers differ only in random values or in how values are printed: a
 * digest of what is created, or each cause of a refusal.
 */
export function answerLine(code: number, text: string): string {
  const answer: JsonObject = JSON.parse(text)
  if (code < 300) {
    const made = createHash('sha256').update(JSON.stringify(withoutDrawn(answer)))
    return `${code} ${made.digest('hex').slice(0, 12)}`
  }
  const { causes = [] } = isJsonObject(answer.details) ? answer.details : {}
  const told = Array.isArray(causes) ? causes.filter(isJsonObject) : []
  if (told.length === 0) return `${code} ${answer.message}`.replaceAll('\n', ' ')
  const lines = told.map(({ field, reason, message }) => `${field} ${reason}: ${plain(message)}`)
  return `${code} ${lines.sort().join(' | ')}`.replaceAll('\n', ' ')
}

/** Go prints structures and lists in ways of its own. */
const plain = (message: unknown): string =>
  String(message)
    .replaceAll(uuid, 'uid')
    .replace(
      /^(Invalid|Duplicate|Unsupported) value: (?=\S*[[{(]|\w+\.)(?!").*[}\])]/,
      '$1 value: …',
    )

const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g
const drawnByServer = [
  ...['uid', 'creationTimestamp', 'resourceVersion', 'generation', 'managedFields', 'selfLink'],
  ...['serviceAccount', 'serviceAccountName', 'status', 'clusterIP', 'clusterIPs', 'nodePort'],
]

/** A created object without what each server generates or adds, and without empty fields. */
export function withoutDrawn(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((each) => !isToken(each)).map(withoutDrawn)
  if (typeof value === 'string') return value.replaceAll(uuid, 'uid')
  if (!isJsonObject(value)) return value
  const kept = Object.entries(value)
    .filter(([name]) => !drawnByServer.includes(name))
    .map(([name, each]) => [name, withoutDrawn(each)] as const)
    .filter(([, each]) => !isNothing(each))
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)))
}

const isToken = (value: unknown): boolean =>
  isJsonObject(value) && String(value.name).startsWith('kube-api-access-')

const isNothing = (value: unknown): boolean =>
  value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0)
