import type { FastifyPluginAsync } from 'fastify'
import { untilGone } from '../../past/past-of-request.ts'
import type { ApiPorts } from '../../ports.ts'
import { parsedJson, sentObject } from '../../requests/request-body.ts'
import { waitForVersion } from '../../verbs/resource-version.ts'
import { historyPath } from '../events.ts'
import { answerPlan } from './answer-plan.ts'
import type { UndoAnswer } from './told-undo.ts'
import { undoPlan } from './undo-plan.ts'
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
    return answerPlan(ports, request, await undoPlan(ports, undone))
  })
}
