import type { Context } from '../context.ts'
import { html, useEffect, useRef, useState } from '../html.ts'
import { pageLinkOf, suggestedFor } from '../model/command.ts'
import { placeAt } from '../moment/place.ts'
import { useKeys } from './keys.ts'

const suggestionsMax = 8

/** Goes to any page by its name, as in k9s. */
export function Palette({ context, close }: { context: Context; close(): void }) {
  const { words, kinds, place, go } = context
  const [text, setText] = useState('')
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  useKeys({ Escape: close })
  const suggested = suggestedFor(text, kinds, suggestionsMax)
  const open = (typed: string) => {
    const asked = pageLinkOf(typed, kinds) ?? pageLinkOf(suggested[0]?.id ?? '', kinds)
    if (asked === undefined) return
    go(placeAt(place, asked.path, asked.query))
    close()
  }
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (key === 'Enter') open(text)
  }
  const onInput = ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
    setText(currentTarget.value)
  return html`<div class="veil" onClick=${close}>
    <div class="palette" role="dialog" aria-modal="true" aria-label=${words.search} onClick=${(event: Event) => event.stopPropagation()}>
      <input ref=${field} aria-label=${words.search} placeholder=${words.searchHint} spellcheck=${false} ...${{ onInput, onKeyDown }} />
      <ul>
        ${suggested.map(
          ({ id, kind, shortNames }) => html`<li key=${id}>
            <button type="button" onClick=${() => open(id)}>${kind} <span class="faint">${[id, ...shortNames].join(' · ')}</span></button>
          </li>`,
        )}
      </ul>
    </div>
  </div>`
}
