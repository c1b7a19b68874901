import { ContainerChoice, containerAt } from '../components/container-choice.ts'
import { RefusalNotice } from '../components/refusal-notice.ts'
import { useLog } from '../components/use-log.ts'
import type { Context } from '../context.ts'
import { html, useLayoutEffect, useRef } from '../html.ts'
import { type Kind, pathOf } from '../model/kind.ts'
import type { AnyObject } from '../model/object.ts'
import { withQuery } from '../moment/place.ts'

type Props = { context: Context; kind: Kind; object: AnyObject }

/** From where on what is there already is told. */
const tailLines = '500'
/** Who has not scrolled up further than this stays with the newest line. */
const nearPx = 60

/** What a pod's container says, as it says it; what the one before it said, where it was begun anew. */
export function PodLogs({ context, kind, object }: Props) {
  const { reading, words, place, go } = context
  const { name = '', namespace = '' } = object.metadata ?? {}
  const container = containerAt(context, object)
  const previous = place.query.previous === 'true'
  const query = new URLSearchParams({
    ...{ container, tailLines },
    ...(previous ? { previous: 'true' } : { follow: 'true' }),
  })
  const { lines, refusal } = useLog(reading, `${pathOf(kind, namespace, name)}/log?${query}`)
  const box = useRef<HTMLPreElement>(null)
  const isNear = useRef(true)
  const look = ({
    currentTarget: { scrollTop, clientHeight, scrollHeight },
  }: {
    currentTarget: HTMLElement
  }) => {
    isNear.current = scrollTop + clientHeight > scrollHeight - nearPx
  }
  useLayoutEffect(() => {
    if (isNear.current && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [lines])
  const turn = () => go(withQuery(place, { previous: previous ? '' : 'true' }))
  return html`<section class="logs">
    <p class="choices">
      <${ContainerChoice} ...${{ context, object }} otherwise=${{ previous: '' }} />
      <button type="button" class="chip" aria-pressed=${previous} onClick=${turn}>${words.previousLog}</button>
    </p>
    ${refusal && html`<${RefusalNotice} refusal=${refusal} words=${words} />`}
    <pre ref=${box} class="log" tabIndex="0" role="log" aria-label=${words.logs} onScroll=${look}>${lines.join('\n')}</pre>
  </section>`
}
