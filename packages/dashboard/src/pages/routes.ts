import { RefusalNotice } from '../components/refusal-notice.ts'
import { useAnswer } from '../components/use-answer.ts'
import { useChanges } from '../components/use-changes.ts'
import { useTables } from '../components/use-tables.ts'
import { useTyped } from '../components/use-typed.ts'
import { type Context, linkTo, objectPath, positionIn } from '../context.ts'
import { html, useMemo } from '../html.ts'
import { hostsIn } from '../model/hosts.ts'
import { type LogMark, resourceOfStream } from '../moment/log-mark.ts'
import { fragmentOf, withQuery } from '../moment/place.ts'
import { type EventReference, historyRoot, type RouteAnswer } from '../reading/history.ts'

const ingresses = 'ingresses.networking.k8s.io'
const goingBy: readonly string[] = [ingresses, 'services', 'endpointslices.discovery.k8s.io']
const isOfRoutes = ({ stream }: LogMark) => goingBy.includes(resourceOfStream(stream))

/** Where a request goes at the moment, by which Ingress, and why others that mean it do not have it. */
export function RoutesPage({ context }: { context: Context }) {
  const { words, place, go, at } = context
  const { host = '', path = '/' } = place.query
  const ask = (event: Event & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    go(
      withQuery(place, {
        host: String(data.get('host')).trim(),
        path: String(data.get('path')).trim(),
      }),
    )
  }
  return html`<section class="page routes">
    <header class="table-head"><h1>${words.routes}</h1>
      <form class="choices" onSubmit=${ask}>
        <label>${words.host} <input ref=${useTyped(host)} name="host" list="hosts" placeholder="shop.example.com" spellcheck=${false} required /></label>
        <label>${words.path} <input ref=${useTyped(path)} name="path" spellcheck=${false} /></label>
        <button type="submit" class="primary">${words.whereTo}</button>
      </form>
      <${KnownHosts} context=${context} />
    </header>
    ${host === '' ? html`<p class="empty">${words.routesHint}</p>` : html`<${Found} key=${`${host} ${path} ${at ?? ''}`} ...${{ context, host, path }} />`}
  </section>`
}

function KnownHosts({ context }: { context: Context }) {
  const { kinds, at } = context
  const wanted = useMemo(() => kinds.filter(({ id }) => id === ingresses), [kinds])
  const table = useTables(context, wanted, at).tables?.get(ingresses)
  const hosts = useMemo(() => (table ? hostsIn(table) : []), [table])
  return html`<datalist id="hosts">${hosts.map((each) => html`<option key=${each} value=${each}></option>`)}</datalist>`
}

type RouteQuery = { context: Context; host: string; path: string }

function Found({ context, host, path }: RouteQuery) {
  const { words, at, reading } = context
  const query = new URLSearchParams({ host, path, ...(at && { at: positionIn(at) }) })
  const asked = `${historyRoot}/route?${query}`
  const tick = useChanges(context, isOfRoutes, asked)
  const { value, refusal } = useAnswer(
    (signal) => reading.json<RouteAnswer>(asked, { signal }),
    asked,
    tick,
  )
  if (refusal) return html`<${RefusalNotice} refusal=${refusal} words=${words} />`
  if (value === undefined) return html`<p class="empty">${words.loading}</p>`
  const { outcome, rule, backends, others } = value
  if (rule === undefined)
    return html`<p class="notice warn">404: ${words[outcome === 'NoSuchHost' ? 'noSuchHost' : 'noSuchPath']}</p>`
  return html`<ol class="route">
    <li class="card"><p><strong>Ingress</strong> <${Named} ...${{ context, resource: ingresses, name: rule.ingress }} />
      <code>${rule.match} ${rule.host}${rule.path}</code></p>
      <${By} context=${context} event=${rule.event} />
      ${rule.answer && html`<p class="notice">${rule.answer}</p>`}</li>
    ${backends.map(
      (backend) => html`<li key=${backend.service} class="card">
        <p><strong>Service</strong> <${Named} ...${{ context, resource: 'services', name: backend.service }} />
          <code>${backend.port}</code> ${backends.length > 1 && html`<span class="chip">${backend.percent} %</span>`}</p>
        <${By} context=${context} event=${backend.event} />
        ${backend.externalName && html`<p><code>${backend.externalName}</code></p>`}
        ${backend.endpoints.length === 0 && !backend.externalName && html`<p class="notice warn">503: ${words.noEndpoint}</p>`}
        <p class="choices">${backend.endpoints.map(({ address, port, node }) => html`<span key=${address} class="label">${address}:${port}${node && ` · ${node}`}</span>`)}</p>
        ${backend.slices.map((event) => html`<${By} key=${event.position} context=${context} event=${event} />`)}
      </li>`,
    )}
  </ol>
  ${
    others.length > 0 &&
    html`<section class="card"><h2>${words.notFollowed}</h2><ul class="troubles">
      ${others.map(
        (
          other,
          index,
        ) => html`<li key=${index}><${Named} ...${{ context, resource: ingresses, name: other.ingress }} />
          <code>${other.match} ${other.host}${other.path}</code> <span class="faint">${words[other.why]}</span></li>`,
      )}
    </ul></section>`
  }`
}

/** An object by `namespace/name`. */
function Named({ context, resource, name }: { context: Context; resource: string; name: string }) {
  const [namespace = '', own = ''] = name.split('/')
  return html`<a href=${linkTo(context, objectPath(resource, namespace, own))}>${name}</a>`
}

function By({ context, event }: { context: Context; event: EventReference | undefined }) {
  if (event === undefined) return null
  const { place, words } = context
  const then = fragmentOf(withQuery(place, { at: event.position }))
  return html`<p class="faint">${event.type} · ${event.user} · <a href=${then} title=${words.showThen}>${words.position} ${event.position}</a></p>`
}
