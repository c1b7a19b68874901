import { CapacityCard } from '../components/capacity-card.ts'
import { HourChart } from '../components/hour-chart.ts'
import { RefusalNotice } from '../components/refusal-notice.ts'
import { Timestamp } from '../components/timestamp.ts'
import { useTables } from '../components/use-tables.ts'
import { type Context, linkTo, objectPath } from '../context.ts'
import { html, useMemo } from '../html.ts'
import { type ComparedTable, changesIn, compareTables } from '../model/compare-tables.ts'
import { type Kind, titleOf } from '../model/kind.ts'
import { statesIn } from '../model/states.ts'
import type { Table } from '../model/table.ts'
import { type Trouble, troublesIn } from '../model/trouble.ts'
import { classOf, inOrder, isLater, type LogMark, objectOfStream } from '../moment/log-mark.ts'

const counted = [
  'pods',
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
  'services',
  'ingresses.networking.k8s.io',
  'nodes',
]
const troublesMax = 12
const changesMax = 12

type Counted = { kind: Kind; table: Table }

/** Is anything wrong, and since when. */
export function OverviewPage({ context }: { context: Context }) {
  const { at, words, place } = context
  const { vs } = place.query
  const [earlier, later] = vs === undefined ? [undefined, at] : inOrder(vs, at)
  const now = useCounted(context, later)
  const then = useCounted(context, earlier, vs !== undefined)
  const found = useMemo(
    () => (now.value ?? []).flatMap(({ kind, table }) => troublesIn(kind.id, table)),
    [now.value],
  )
  return html`<section class="page overview">
    <h1 class="hidden">${words.overview}</h1>
    ${now.refusal && html`<${RefusalNotice} refusal=${now.refusal} words=${words} />`}
    <ul class="tiles">
      ${(now.value ?? []).map(({ kind, table }) => {
        const before = then.value?.find((each) => each.kind.id === kind.id)?.table
        const compared = vs && before ? compareTables(before, table) : undefined
        return html`<${Tile} key=${kind.id} ...${{ context, kind, table, compared }} />`
      })}
    </ul>
    <${HourChart} context=${context} />
    <div class="columns">
      <section class="card">
        <h2>${words.isWrong} ${found.length > 0 && html`<span class="count">${found.length}</span>`}</h2>
        ${now.value && found.length === 0 && html`<p class="well">✓ ${at === undefined ? words.allWell : words.wasWell}</p>`}
        <ul class="troubles">
          ${found.slice(0, troublesMax).map((trouble) => html`<${TroubleLine} key=${trouble.row.uid} ...${{ context, trouble }} />`)}
          ${found.length > troublesMax && html`<li class="faint">${words.more(found.length - troublesMax)}</li>`}
        </ul>
      </section>
      <section class="card">
        <h2>${words.lastByPeople}</h2>
        <${ByPeople} context=${context} />
      </section>
    </div>
    <${CapacityCard} context=${context} at=${later} />
  </section>`
}

/** The tables of what is counted at a moment, if they are wanted. */
function useCounted(context: Context, at: string | undefined, isWanted = true) {
  const { kinds } = context
  const found = useMemo(
    () => counted.flatMap((id) => (isWanted && kinds.find((kind) => kind.id === id)) || []),
    [kinds, isWanted],
  )
  const { tables, refusal } = useTables(context, found, at)
  const value = useMemo(
    () =>
      tables &&
      found.flatMap((kind): Counted[] => {
        const table = tables.get(kind.id)
        return table ? [{ kind, table }] : []
      }),
    [tables, found],
  )
  return { value, refusal }
}

type TileProps = Counted & { context: Context; compared: ComparedTable | undefined }

/** How many there are of a kind, and in which states. */
function Tile({ context, kind, table, compared }: TileProps) {
  const { words } = context
  const states = useMemo(() => statesIn(table), [table])
  const differs = compared && changesIn(compared.rows)
  return html`<li>
    <a class="tile" href=${linkTo(context, [kind.id])}>
      <span class="number">${table.rows.length}</span> <span class="kind">${titleOf(kind)}</span>
      ${
        differs &&
        html`<span class="deltas">
          ${differs.added > 0 && html`<span class="added" title=${words.added}>+${differs.added}</span>`}
          ${differs.removed > 0 && html`<span class="removed" title=${words.removed}>−${differs.removed}</span>`}
          ${differs.changed > 0 && html`<span class="changed" title=${words.changed}>~${differs.changed}</span>`}
        </span>`
      }
      ${
        states.length > 0 &&
        html`<span class="bar" aria-hidden="true">
          ${states.map(({ state, count, tone }) => html`<span key=${state} class=${tone} style=${{ flexGrow: count }}></span>`)}
        </span>`
      }
      ${states.length > 0 && html`<span class="faint">${states.map(({ state, count }) => `${count} ${state}`).join(', ')}</span>`}
    </a>
  </li>`
}

function TroubleLine({ context, trouble }: { context: Context; trouble: Trouble }) {
  const { resource, row, what, tone, isPlaced } = trouble
  const { words } = context
  const path = objectPath(resource, row.namespace, row.name)
  return html`<li>
    <span class=${`state ${tone}`}>${what}</span>
    <span class="of">
      <a href=${linkTo(context, path)} title=${row.name}>${resource.split('.')[0]}/${row.name}</a>
      <span class="faint">${row.namespace && `${row.namespace} · `}<${Timestamp} context=${context} time=${row.created} withAge /></span>
    </span>
    ${resource === 'pods' && html`<a class="why" href=${linkTo(context, [...path, 'why'])}>${isPlaced ? words.why : words.whyNot}</a>`}
  </li>`
}

function ByPeople({ context }: { context: Context }) {
  const { log, at, words } = context
  const position = at?.split('@')[0]
  const isShown = (mark: LogMark) =>
    classOf(mark) === 'people' &&
    objectOfStream(mark.stream) !== undefined &&
    (position === undefined || !isLater(mark.position, position))
  const shown = log.marks.filter(isShown).slice(-changesMax).toReversed()
  if (shown.length === 0) return html`<p class="faint">${words.noneByPeople}</p>`
  return html`<ul class="by-people">
    ${shown.map((mark) => {
      const { resource = '', namespace = '', name = '' } = objectOfStream(mark.stream) ?? {}
      return html`<li key=${mark.position}>
        <${Timestamp} context=${context} time=${mark.timeMs} withAge />
        <span class="what">${mark.type}</span>
        <a href=${linkTo(context, objectPath(resource, namespace, name), { at: mark.position })} title=${name}>${resource.split('.')[0]}/${name}</a>
        <span class="faint">${mark.user}</span>
      </li>`
    })}
  </ul>`
}
