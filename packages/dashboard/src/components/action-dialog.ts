import type { Context } from '../context.ts'
import { html, useEffect, useRef, useState } from '../html.ts'
import type { Action } from '../model/actions.ts'
import type { Kind } from '../model/kind.ts'
import { type Refusal, refusalOf } from '../reading/read.ts'
import { useKeys } from './keys.ts'
import { RefusalNotice } from './refusal-notice.ts'

type Props = { context: Context; kind: Kind; name: string; action: Action; close(): void }

/**
 * Asks once more before something is done, and for what it takes; stays, with the API's words, where that refuses it.
 */
export function ActionDialog({ context, kind, name, action, close }: Props) {
  const { reading, words } = context
  const [replicas, setReplicas] = useState(action.replicas ?? 0)
  const [refusal, setRefusal] = useState<Refusal>()
  const [isBusy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector<HTMLElement>('input, button')?.focus(), [])
  useKeys({ Escape: close })
  const act = async (event: Event) => {
    event.preventDefault()
    setBusy(true)
    const { path, ...asked } = action.request({ replicas, nowMs: Date.now() })
    await reading.json(path, asked).then(close, (error: unknown) => {
      setRefusal(refusalOf(error))
      setBusy(false)
    })
  }
  const type = ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
    setReplicas(Math.max(0, Math.trunc(Number(currentTarget.value))))
  const title = `${words[action.name]}: ${kind.singular || kind.plural}/${name}`
  return html`<div class="veil" onClick=${close}>
    <div class="palette action" role="dialog" aria-modal="true" aria-label=${title} onClick=${(event: Event) => event.stopPropagation()}>
    <form ref=${form} onSubmit=${act}>
      <h2>${title}</h2>
      ${action.replicas !== undefined && html`<label>${words.replicas} <input type="number" min="0" value=${replicas} onInput=${type} /></label>`}
      ${refusal && html`<${RefusalNotice} refusal=${refusal} words=${words} />`}
      <p class="choices">
        <button type="submit" class=${action.name === 'delete' ? 'danger' : 'primary'} disabled=${isBusy}>${words[action.name]}</button>
        <button type="button" onClick=${close}>${words.cancel}</button>
      </p>
    </form>
    </div>
  </div>`
}
