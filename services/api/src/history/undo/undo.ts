import type { Origin } from '@reckon/domain'
import { isJsonObject, resourceId, StatusError } from '@reckon/kubernetes'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { untilGone } from '../../past/past-of-request.ts'
import type { ApiPorts } from '../../ports.ts'
import { parsedJson, sentObject } from '../../requests/request-body.ts'
import { isDryRun, originOf, queryOf } from '../../requests/request-context.ts'
import { waitForVersion } from '../../verbs/resource-version.ts'
import { historyPath } from '../events.ts'
import { applyUndo } from './apply-undo.ts'
import { toldConflict, type UndoAnswer, undoAnswer } from './told-undo.ts'
import { type PlannedUndo, type UndoPlan, undoPlan } from './undo-plan.ts'
import { askedBy, undoSelectionIn } from './undo-selection.ts'
import { undoneEvents } from './undone-events.ts'

/**
 * POST …/undo: takes back what a selection of changes did (`undo-selection.ts`), by ordinary changes whose cause is what they
 * undo; with `dryRun=All` it tells them only. What collides with later changes is 409, names each field, and changes nothing.
 * It needs the rights of the changes that it makes, and `past`.
 */
export const undo: FastifyPluginAsync<{ ports: ApiPorts }> = async (app, { ports }) => {
  app.post(`${historyPath}/undo`, async (request, reply): Promise<UndoAnswer> => {
    const sent = sentObject(request)
    const selection = undoSelectionIn('text' in sent ? parsedJson(sent.text) : sent.value)
    const signal = untilGone(reply)
    await waitForVersion(ports, {})
    const asked = await askedBy(ports.log, selection, signal)
    const undone = await undoneEvents(ports.log, ports.objects.resources, asked, signal)
    signal.throwIfAborted()
    const plan = await undoPlan(ports, undone)
    for (const each of plan.undos) authorizeUndo(request, each)
    if (isDryRun(queryOf(request).dryRun)) return undoAnswer(plan)
    refuseConflicts(plan)
    const origin = (each: PlannedUndo) => originOfUndo(request, each)
    return undoAnswer(plan, await applyUndo(ports, plan.undos, origin))
  })
}

const verbOf = { Create: 'create', Update: 'update', Delete: 'delete', None: 'get' } as const

/** Who undoes needs the right of the change, and of reading what was. */
function authorizeUndo(
  request: FastifyRequest,
  { target: { resource, namespace, name }, compensation: { action } }: PlannedUndo,
): void {
  const about = { name, ...(namespace && { namespace }) }
  const ofHistory = { ...resource, group: 'history.reckon.dev' }
  request.authorize({ verb: 'past', resource: ofHistory, ...about })
  request.authorize({ verb: verbOf[action], resource, ...about })
}

/** The change is the request's own, so that it can be undone in turn; its cause is what it undoes. */
function originOfUndo(
  request: FastifyRequest,
  { undone, compensation: { action } }: PlannedUndo,
): Origin {
  const origin = originOf(request, verbOf[action])
  return { ...origin, cause: { id: undone.id, correlationId: request.id } }
}

function refuseConflicts({ undos }: UndoPlan): void {
  const causes = undos.flatMap(({ target: { resource, name }, compensation: { conflicts } }) =>
    conflicts.map((conflict) => {
      const { field, made, before, now } = toldConflict(resource, conflict)
      return {
        reason: 'FieldManagerConflict',
        field: `${resourceId(resource)}/${name}${field && `: ${field}`}`,
        message: `was ${shown(made)} then and would be ${shown(before)} again, but is ${shown(now)} since`,
      }
    }),
  )
  if (causes.length === 0) return
  const told = causes.map(({ field, message }) => `${field} ${message}`).join('; ')
  throw new StatusError('Conflict', `nothing is undone: ${told}`, { causes })
}

const shown = (value: unknown): string =>
  value === undefined ? 'absent' : isJsonObject(value) ? 'another' : JSON.stringify(value)
