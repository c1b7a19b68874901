import { type Origin, refOf } from '@reckon/domain'
import { isJsonObject, resourceId, StatusError } from '@reckon/kubernetes'
import type { FastifyRequest } from 'fastify'
import { authorizeHistory, historyGroup } from '../../past/past-of-request.ts'
import type { ApiPorts } from '../../ports.ts'
import { isDryRun, originOf, queryOf } from '../../requests/request-context.ts'
import { applyUndo } from './apply-undo.ts'
import { conflictAnswer, type UndoAnswer, undoAnswer } from './undo-answer.ts'
import type { LostObject, PlannedUndo, UndoPlan } from './undo-plan.ts'

/**
 * Carries out a plan or, with `dryRun=All`, only returns it. The user needs the rights to read what it changes, now and
 * in the past, and to make the changes. With a conflict nothing is changed: 409, naming each field.
 */
export async function answerPlan(
  ports: ApiPorts,
  request: FastifyRequest,
  plan: UndoPlan,
  upTo = plan.undos.at(-1)?.undone.position ?? 0n,
): Promise<UndoAnswer> {
  for (const each of plan.undos) authorizeUndo(request, each)
  for (const each of plan.lost) authorizeLost(request, each)
  if (isDryRun(queryOf(request).dryRun)) return undoAnswer(plan, upTo)
  refuseConflicts(plan)
  const origin = (each: PlannedUndo) => originOfUndo(request, each)
  return undoAnswer(plan, upTo, await applyUndo(ports, plan.undos, origin))
}

const verbOf = { Create: 'create', Update: 'update', Delete: 'delete', None: 'get' } as const

/** Whoever reverts changes needs the rights to make these changes and to read the past. */
function authorizeUndo(
  request: FastifyRequest,
  { target: { resource, namespace, name }, compensation: { action } }: PlannedUndo,
): void {
  authorizeHistory(request, { resource, namespace, name })
  const verb = verbOf[action]
  request.authorize({ verb, resource, name, ...(namespace && { namespace }) })
}

/** That such an object existed is revealed only to users who may read its past. */
function authorizeLost(request: FastifyRequest, { stream, resource }: LostObject): void {
  const { namespace, name } = refOf(stream) ?? {}
  const [plural = ''] = resource.split('.')
  const about = { ...(name && { name }), ...(namespace && { namespace }) }
  request.authorize({ verb: 'past', resource: { group: historyGroup, plural }, ...about })
}

/** The change belongs to this request, so that it can be undone in turn; its cause is the event that it undoes. */
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
      const { field, made, before, now } = conflictAnswer(resource, conflict)
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
