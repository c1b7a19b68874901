import type { Origin } from '@reckon/domain'
import {
  badRequest,
  forbiddenField,
  invalid,
  isFinished,
  isTerminating,
  notFound,
  notSupported,
  type Options,
  type Pod,
  podDisruptionBudgets,
  pods,
  StatusError,
} from '@reckon/kubernetes'
import { changeObject, evictPod, reachHead, wouldDelete } from '@reckon/writing'
import type { FastifyPluginAsync } from 'fastify'
import { isUncounted, spentBudget } from '../evicting/spent-budget.ts'
import type { ApiPorts } from '../ports.ts'
import { plainObject } from '../requests/request-body.ts'
import { authorizeObjects, isDryRun, originOf, queryOf } from '../requests/request-context.ts'

type Route = { Params: { namespace: string; name: string } }

const because = { reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting' }

/** POST …/pods/{name}/eviction: a deletion that a PodDisruptionBudget may refuse for the time being, with 429. */
export const eviction: FastifyPluginAsync<{ ports: ApiPorts }> = async (app, { ports }) => {
  const resource = pods
  app.post<Route>('/api/v1/namespaces/:namespace/pods/:name/eviction', async (request, reply) => {
    authorizeObjects(request, 'create', { resource, subresource: 'eviction' })
    const { namespace, name } = request.params
    const { metadata, deleteOptions = {} } = plainObject(request, 'Eviction') ?? {}
    if (metadata?.name && metadata.name !== name) {
      throw badRequest('name in URL does not match name in Eviction object')
    }
    refusePolicies(deleteOptions, name)
    // Budgets must be current: decide on everything that was recorded before.
    await reachHead(ports)
    const pod = ports.objects.get(pods, namespace, name)?.object
    if (pod === undefined) throw notFound(pods, name)
    const { gracePeriodSeconds, preconditions } = deleteOptions
    const { uid = pod.metadata.uid ?? '', resourceVersion } = preconditions ?? {}
    const origin = originOf(request, 'create')
    const wanted = {
      preconditions: { uid, ...(resourceVersion && { resourceVersion }) },
      ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
      origin,
    }
    const target = { resource, namespace, name }
    const isDry = isDryRun(deleteOptions.dryRun ?? queryOf(request).dryRun)
    if (isDry) await wouldDelete(ports, { ...wanted, target })
    if (!isTerminating(pod)) await spendBudget(ports, pod, { origin, isDry })
    if (!isDry) await evictPod(ports, { ...wanted, pod: { namespace, name }, because })
    reply.code(201)
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }
  })
}

type DeleteOptions = NonNullable<Options['Eviction']['deleteOptions']>

/** Dependents of an evicted pod are deleted in the background; another propagation policy is refused. */
function refusePolicies(options: DeleteOptions, name: string): void {
  const { propagationPolicy = 'Background', orphanDependents } = options
  const at = 'deleteOptions'
  const errors = [
    ...(propagationPolicy === 'Background'
      ? []
      : [notSupported(`${at}.propagationPolicy`, propagationPolicy, ['Background'])]),
    ...(orphanDependents
      ? [forbiddenField(`${at}.orphanDependents`, 'what depends on an evicted pod goes after it')]
      : []),
  ]
  if (errors.length > 0) throw invalid({ group: 'policy', kind: 'Eviction' }, name, errors)
}

/** Deducts the eviction from the pod's budget, if it has one; refused where the budget is spent. */
async function spendBudget(
  ports: ApiPorts,
  pod: Pod,
  { origin, isDry }: { origin: Origin; isDry: boolean },
): Promise<void> {
  // Such a pod serves nobody, so its budget does not apply.
  if (isFinished(pod.status) || pod.status?.phase === 'Pending') return
  const [budget, ...others] = ports.objects.selecting(podDisruptionBudgets, pod)
  if (others.length > 0) throw moreThanOne
  if (budget === undefined || isUncounted(budget.object, pod)) return
  const { namespace = '', name, uid = '' } = budget.object.metadata
  if (isDry) {
    spentBudget(budget.object, pod, ports.clock.now())
    return
  }
  await changeObject(ports, {
    target: { resource: podDisruptionBudgets, namespace, name },
    change: (current) => spentBudget(current, pod, ports.clock.now()),
    origin,
    subresource: 'status',
    preconditions: { uid },
  })
}

const moreThanOne = new StatusError(
  'InternalError',
  'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
)
