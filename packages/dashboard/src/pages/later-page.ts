import type { FunctionComponent } from 'preact'
import { RefusalNotice } from '../components/refusal-notice.ts'
import type { Context } from '../context.ts'
import { html, useEffect, useState } from '../html.ts'
import { type Refusal, refusalOf } from '../reading/read.ts'

/** Fetches the code of a page, or of a part of one. */
export type Load = () => Promise<FunctionComponent<never>>

const loaded = new Map<Load, FunctionComponent<never>>()

type Props = { context: Context; load: Load } & Readonly<Record<string, unknown>>

/**
 * What is loaded when somebody first goes there, so that the first page need not wait for it; gets all that this one
 * gets.
 */
export function LaterPage({ load, ...props }: Props) {
  const { words } = props.context
  const [, setCount] = useState(0)
  const [refusal, setRefusal] = useState<Refusal>()
  const component = loaded.get(load)
  useEffect(() => {
    let isWanted = component === undefined
    const tell = (error?: unknown) => {
      if (!isWanted) return
      setRefusal(error === undefined ? undefined : refusalOf(error))
      setCount((before) => before + 1)
    }
    if (isWanted) {
      load()
        .then((found) => loaded.set(load, found))
        .then(() => tell(), tell)
    }
    return () => {
      isWanted = false
    }
  }, [load])
  if (component) return html`<${component} ...${props} />`
  if (refusal === undefined) return html`<p class="empty">${words.loading}</p>`
  // The api is another version by now, and has no code of the one before.
  return html`<section class="page">
    <${RefusalNotice} refusal=${refusal} words=${words} />
    <button type="button" onClick=${() => location.reload()}>${words.loadAnew}</button>
  </section>`
}
