import { FieldList } from '../components/field-list.ts'
import { RefusalNotice } from '../components/refusal-notice.ts'
import { useAnswer } from '../components/use-answer.ts'
import { type Context, linkTo, objectPath } from '../context.ts'
import { html, useState } from '../html.ts'
import { historyRoot, type ObjectUndo, type UndoAnswer } from '../reading/history.ts'
import { type Refusal, refusalOf } from '../reading/read.ts'

/** What it would do to take back all that one request did: shown as differences first, then done by a button. */
export function UndoPage({ context, position }: { context: Context; position: string }) {
  const { words, reading } = context
  const path = `${historyRoot}/undo`
  const ask = (query: string, body: object, signal?: AbortSignal) =>
    reading.json<UndoAnswer>(`${path}${query}`, { method: 'POST', body, ...(signal && { signal }) })
  const { value, refusal } = useAnswer(
    (signal) => ask('?dryRun=All', { position }, signal),
    `undo ${position}`,
  )
  const [done, setDone] = useState<{ answer?: UndoAnswer; refusal?: Refusal; isBusy?: boolean }>({})
  if (refusal)
    return html`<section class="page"><${RefusalNotice} refusal=${refusal} words=${words} /></section>`
  if (value === undefined) return html`<p class="empty">${words.loading}</p>`
  const act = async () => {
    setDone({ isBusy: true })
    // Nothing that came after what is shown is undone with it.
    await ask('', { position, upTo: value.upTo }).then(
      (answer) => setDone({ answer }),
      (error: unknown) => setDone({ refusal: refusalOf(error) }),
    )
  }
  const { undos, lost } = done.answer ?? value
  const changing = undos.filter(({ action }) => action !== 'None')
  const isWhole = undos.every(({ outcome }) => outcome !== 'Failed' && outcome !== 'Unknown')
  const hasConflicts = undos.some(({ conflicts }) => conflicts.length > 0)
  const isOff = done.isBusy || hasConflicts || changing.length === 0
  return html`<section class="page undo">
    <header class="table-head"><h1>${words.undo} <span class="count">${changing.length}</span></h1>
      <a class="button" href=${linkTo(context, ['cause', position])}>${words.cause}</a>
      ${!done.answer && html`<button type="button" class="primary" disabled=${isOff} onClick=${act}>${words.undoNow}</button>`}
    </header>
    ${done.answer && html`<p class=${isWhole ? 'notice' : 'notice warn'} role="status">${isWhole ? words.undone : words.undoneInPart}</p>`}
    ${done.refusal && html`<${RefusalNotice} refusal=${done.refusal} words=${words} />`}
    ${hasConflicts && html`<p class="notice warn">${words.undoCollides}</p>`}
    ${changing.length === 0 && lost.length === 0 && html`<p class="empty">${words.undoNothing}</p>`}
    <ul class="differences">
      ${changing.map((each) => html`<${UndoCard} key=${`${each.resource} ${each.namespace} ${each.name}`} ...${{ context, undo: each }} />`)}
      ${lost.map(({ stream, why }) => html`<li key=${stream} class="card"><p><span class="state bad">${words.undoLost}</span> <code>${stream}</code></p><p class="faint">${why}</p></li>`)}
    </ul>
  </section>`
}

const tones = { Create: 'created', Update: 'changed', Delete: 'deleted', None: '' }

function UndoCard({ context, undo }: { context: Context; undo: ObjectUndo }) {
  const { words } = context
  const {
    action,
    apiVersion,
    kind,
    resource,
    namespace = '',
    name,
    changes,
    conflicts,
    message,
  } = undo
  const [group = ''] = apiVersion.includes('/') ? apiVersion.split('/') : []
  const id = group === '' ? resource : `${resource}.${group}`
  const said = {
    Create: words.undoCreate,
    Update: words.undoUpdate,
    Delete: words.undoDelete,
    None: '',
  }
  return html`<li class=${`card ${tones[action]}`}>
    <p><span class=${`state ${tones[action]}`}>${said[action]}</span>
      <a href=${linkTo(context, objectPath(id, namespace, name), { tab: 'history' })}>${kind}/${name}</a> <span class="faint">${namespace}</span></p>
    <${FieldList} fields=${changes} />
    ${message && html`<p class="notice warn">${message}</p>`}
    ${conflicts.length > 0 && html`<p class="notice warn">${words.changedSince}</p><${FieldList} fields=${conflicts.map(({ field, now, before }) => ({ field, from: now, to: before }))} />`}
  </li>`
}
