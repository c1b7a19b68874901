import { useAnswer } from '../components/use-answer.ts'
import { useChanges } from '../components/use-changes.ts'
import { type Context, linkTo, objectPath } from '../context.ts'
import { html } from '../html.ts'
import type { Kind } from '../model/kind.ts'
import { columnNamed } from '../model/table.ts'
import { toneOf } from '../model/tone.ts'
import { resourceOfStream } from '../moment/log-mark.ts'
import { readTable } from '../reading/tables.ts'

/** Of what belongs to an object of a kind; controllers own nothing else that people look for. */
const owned: Readonly<Record<string, readonly string[]>> = {
  'deployments.apps': ['replicasets.apps'],
  'replicasets.apps': ['pods'],
  'statefulsets.apps': ['pods'],
  'daemonsets.apps': ['pods'],
  'jobs.batch': ['pods'],
  'cronjobs.batch': ['jobs.batch'],
  services: ['endpointslices.discovery.k8s.io'],
}

type Props = { context: Context; kind: Kind; uid: string; namespace: string }

/** What belongs to an object, with its state. */
export function Owned({ context, kind, uid, namespace }: Props) {
  const { kinds, reading, base, at, words } = context
  const ids = owned[kind.id] ?? []
  const shown = ids.flatMap((id) => kinds.find((each) => each.id === id) ?? [])
  const key = `${uid} ${shown.length} ${at ?? ''}`
  const counts = ({ stream }: { stream: string }) => ids.includes(resourceOfStream(stream))
  const tick = useChanges(context, counts, key)
  const { value = [] } = useAnswer(
    (signal) =>
      Promise.all(
        shown.map(async (each) => ({
          id: each.id,
          table: await readTable(reading, each, { base, namespace, signal }),
        })),
      ),
    key,
    tick,
  )
  const rows = value.flatMap(({ id, table }) => {
    const status = columnNamed(table.columns, 'Status')
    const ready = columnNamed(table.columns, 'Ready')
    return table.rows
      .filter(({ owners }) => owners.includes(uid))
      .map((row) => ({ id, row, state: row.cells[status] ?? '', ready: row.cells[ready] ?? '' }))
  })
  if (rows.length === 0) return null
  return html`<section class="card"><h2>${words.owns} <span class="count">${rows.length}</span></h2>
    <ul class="owned">${rows.map(
      ({ id, row, state, ready }) => html`<li key=${row.uid}>
        <a href=${linkTo(context, objectPath(id, row.namespace, row.name))}>${id.split('.')[0]}/${row.name}</a>
        ${ready && html`<span class=${toneOf('Ready', ready)}>${ready}</span>`}
        ${state && html`<span class=${`state ${toneOf('Status', state)}`}>${state}</span>`}
      </li>`,
    )}</ul>
  </section>`
}
