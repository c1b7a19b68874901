import { html } from '../html.ts'
import type { Words } from '../words/en.ts'
import { useKeys } from './keys.ts'

/** Every key, and what it does. */
export function Help({ words, close }: { words: Words; close(): void }) {
  useKeys({ Escape: close, '?': close })
  const keys: readonly (readonly [string, string])[] = [
    ['j k ↑ ↓', words.keyRows],
    ['Enter', words.keyOpen],
    ['Esc', words.keyUp],
    ['/', words.keyFilter],
    [': Ctrl+K', words.keyPalette],
    ['← →', words.keySteps],
    ['.', words.keyLive],
    ['t', words.keyMoment],
    ['[ x', words.keyPin],
    ['g o p d n e c t', words.keyPages],
    ['h', words.keyHistory],
    ['l', words.keyLogs],
    ['y', words.keyYaml],
    ['w', words.keyWhy],
    ['c', words.keyCause],
    ['z', words.keyZone],
  ]
  return html`<div class="veil" onClick=${close}>
    <div class="palette help" role="dialog" aria-modal="true" aria-label=${words.help}>
      <h2>${words.help}</h2>
      <dl>${keys.map(
        ([key, what]) =>
          html`<dt key=${key}>${key.split(' ').map((each) => html`<kbd>${each}</kbd>`)}</dt><dd>${what}</dd>`,
      )}</dl>
      <button type="button" onClick=${close}>${words.close}</button>
    </div>
  </div>`
}
