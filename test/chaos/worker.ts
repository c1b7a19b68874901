import type { Ref, Scope } from '../histories/operation.ts'
import type { Client } from '../simulation/clients/client.ts'
import { Hands } from '../simulation/clients/hands.ts'
import { listPages } from '../simulation/clients/list-pages.ts'
import {
  configMapOf,
  deploymentOf,
  namespaceNamed,
  secretOf,
} from '../simulation/clients/manifests.ts'
import type { Random } from '../simulation/random.ts'

/** The first stays, the others are created and deleted. */
const homes = ['default', 'blue', 'green']
const names = ['web', 'api', 'store', 'queue']
const colours = ['red', 'yellow']
const thinkMsMax = 40

export const scopes: readonly Scope[] = [
  { resource: 'configmaps' },
  { resource: 'configmaps', namespace: 'blue' },
  { resource: 'configmaps', labels: { colour: 'red' } },
  { resource: 'deployments.apps' },
  { resource: 'pods' },
  { resource: 'namespaces' },
  { resource: 'secrets' },
]

type Step = { weight: number; act(): Promise<unknown> }

/** A client that sends one request after the other, of every kind and to few objects, until the signal aborts. */
export async function work(client: Client, random: Random, signal: AbortSignal): Promise<void> {
  const hands = new Hands(client, random)
  while (!signal.aborted) {
    await drawn(random, stepsOf(client, hands, random)).act()
    await new Promise((resolve) => setTimeout(resolve, random.below(thinkMsMax)))
  }
}

function stepsOf(client: Client, hands: Hands, random: Random): readonly Step[] {
  const namespace = random.pick(homes) as string
  const name = random.pick(names) as string
  const settings: Ref = { resource: 'configmaps', namespace, name }
  const made: Ref = { resource: 'configmaps', namespace, name: 'made-' }
  const secret: Ref = { resource: 'secrets', namespace, name }
  const app: Ref = { resource: 'deployments.apps', namespace, name }
  const home: Ref = { resource: 'namespaces', namespace: '', name: namespace }
  const isSteady = namespace === 'default'
  const labels = { colour: random.pick(colours) }
  const scope = random.pick(scopes) as Scope
  const replicas = random.below(3)
  return [
    { weight: 8, act: () => hands.create(settings, configMapOf(settings, 'value')) },
    { weight: isSteady ? 0 : 3, act: () => hands.create(made, configMapOf(made, 'value')) },
    { weight: 8, act: () => hands.patch(settings, { metadata: { labels } }) },
    { weight: 5, act: () => hands.replace(settings, (object) => object) },
    { weight: 6, act: () => hands.delete(settings) },
    { weight: 8, act: () => hands.get(settings) },
    { weight: 2, act: () => hands.create(secret, secretOf(secret, 'value')) },
    { weight: 2, act: () => hands.patch(secret) },
    { weight: 1, act: () => hands.get(secret) },
    { weight: 1.5, act: () => hands.delete(secret) },
    { weight: 4, act: () => listPages(client, random, scope) },
    { weight: 3, act: () => hands.create(home, namespaceNamed(namespace)) },
    { weight: 2, act: () => hands.patch(home) },
    { weight: isSteady ? 0 : 0.5, act: () => hands.delete(home) },
    { weight: 2, act: () => hands.create(app, deploymentOf(app, { cpu: '10m', replicas })) },
    { weight: 2, act: () => hands.patch(app, { spec: { replicas } }) },
    { weight: 1, act: () => hands.get(app) },
    { weight: 1, act: () => hands.delete(app) },
  ]
}

function drawn(random: Random, steps: readonly Step[]): Step {
  let left = random.next() * steps.reduce((sum, { weight }) => sum + weight, 0)
  for (const step of steps) {
    left -= step.weight
    if (left < 0) return step
  }
  return steps[0] as Step
}
