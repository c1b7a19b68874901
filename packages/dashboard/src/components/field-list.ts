import { html } from '../html.ts'
import type { ChangedField } from '../reading/history.ts'

/** Fields that are otherwise than they were: what each was, and what it is. */
export function FieldList({ fields }: { fields: readonly ChangedField[] }) {
  return html`<ul class="fields">
    ${fields.map(
      ({ field, from, to }) => html`<li key=${field}>
        <code class="field">${field}</code>
        ${from !== undefined && html`<del>${told(from)}</del>`}
        ${from !== undefined && to !== undefined && html`<span class="arrow">→</span>`}
        ${to !== undefined && html`<ins>${told(to)}</ins>`}
      </li>`,
    )}
  </ul>`
}

const told = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, ' ')
