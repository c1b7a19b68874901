import { compensationOf, type StoredObject, streamOf } from '@reckon/domain'
import type { RecordedEvent } from '@reckon/eventing'
import { badRequest, notFound, StatusError } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import type { Moments } from '../../past/moments.ts'
import { objectAt } from '../../past/object-at.ts'
import { authorizeHistory } from '../../past/past-of-request.ts'
import type { ApiPorts } from '../../ports.ts'
import { queryOf } from '../../requests/request-context.ts'
import { untilGone } from '../../requests/until-gone.ts'
import { waitForVersion } from '../../verbs/resource-version.ts'
import { historyPath } from '../events.ts'
import { kindNamed } from '../kind-named.ts'
import { momentNamed } from '../moment-named.ts'
import { answerPlan } from './answer-plan.ts'
import type { UndoTarget } from './undo-plan.ts'

type Params = { namespace?: string; kind: string; name: string }
type Context = { ports: ApiPorts; moments: Moments }

/**
 * POST …/[namespaces/{namespace}/]{kind}/{name}/restore: one object as it was at the moment `at` or, without `at`, a
 * deleted one in its last state. It is an ordinary change; `dryRun=All` only returns it.
 */
export const restore: FastifyPluginAsync<Context> = async (app, { ports, moments }) => {
  for (const shape of ['/namespaces/:namespace/:kind/:name', '/:kind/:name']) {
    app.post<{ Params: Params }>(`${historyPath}${shape}/restore`, async (request, reply) => {
      const { kind, namespace = '', name } = request.params
      const resource = kindNamed(ports.objects.resources, kind)
      const target = { resource, namespace: resource.namespaced ? namespace : '', name }
      authorizeHistory(request, target)
      await waitForVersion(ports, {})
      const { at } = queryOf(request)
      const moment = at
        ? await momentNamed({ ports, moments }, { name: 'at', text: at }, untilGone(reply))
        : undefined
      const current = ports.objects.get(resource, target.namespace, name)?.object
      if (current && !moment) {
        throw badRequest(`${name} is not deleted: "at" (--at 10m) names the moment to go back to`)
      }
      const last = await lastEventOf(ports, target)
      const position = moment?.position ?? last.position - 1n
      const before = await objectAt(ports, { ...target, position })
      const { object } = openVersion(before, target)
      const changes = [{ before: object, after: current }]
      const since = { current, isChangedByOthers: false }
      const compensation = compensationOf(resource, changes, since)
      const formerUid = object.metadata.uid
      const isSo = compensation.action === 'None' && compensation.conflicts.length === 0
      const undo = { target, undone: last, current, formerUid, compensation }
      const undos = isSo ? [] : [undo]
      return answerPlan(ports, request, { undos, lost: [] })
    })
  }
}

async function lastEventOf(
  { log }: ApiPorts,
  { resource, namespace, name }: UndoTarget,
): Promise<RecordedEvent> {
  const newest = { direction: 'backwards', limit: 1 } as const
  const [last] = await Array.fromAsync(log.readStream(streamOf(resource, namespace, name), newest))
  if (last === undefined) throw notFound(resource, name)
  return last
}

function openVersion(
  before: StoredObject | undefined,
  { resource, name }: UndoTarget,
): StoredObject {
  if (before === undefined) throw notFound(resource, name)
  if (before.sealed !== 'Closed') return before
  throw new StatusError('Gone', `${resource.kind} "${name}" cannot come back: its key is destroyed`)
}
