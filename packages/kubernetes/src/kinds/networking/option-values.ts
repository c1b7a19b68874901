import { parseQuantity } from '../../quantity.ts'

/** Parses the text of an annotation, or says what is wrong with it. */
export type OptionReader<T> = (text: string) => { value: T } | { problem: string }

/** An integer within bounds. */
export const integer =
  (min: number, max: number): OptionReader<number> =>
  (text) => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
    if (value >= min && value <= max) return { value }
    return { problem: `must be an integer between ${min} and ${max}` }
  }

/** One of these numbers. */
export const oneOf =
  (values: readonly number[]): OptionReader<number> =>
  (text) => {
    const value = values.find((each) => String(each) === text)
    return value === undefined ? { problem: `must be one of ${values.join(', ')}` } : { value }
  }

const unitSeconds: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 }

/** A duration above zero, such as `30s`, `1m30s` or `250ms`, in seconds. */
export const durationSeconds =
  (max: number): OptionReader<number> =>
  (text) => {
    const parts = [...text.matchAll(/(\d{1,9})(ms|[smh])/g)]
    const isAll = parts.map(([part]) => part).join('') === text
    const seconds = parts.reduce(
      (sum, [, count, unit = '']) => sum + Number(count) * (unitSeconds[unit] ?? 0),
      0,
    )
    if (isAll && seconds > 0 && seconds <= max) return { value: Math.round(seconds * 1e3) / 1e3 }
    return { problem: `must be a time such as "30s" or "1m30s", of ${max} seconds at most` }
  }

/** A number of bytes as a quantity: `8Mi`. */
export const sizeBytes =
  (max: number): OptionReader<number> =>
  (text) => {
    const isAmount = /^\d{1,10}(|k|M|G|Ki|Mi|Gi)$/.test(text)
    const value = isAmount ? Number(parseQuantity(text).nanos / 1_000_000_000n) : 0
    if (value >= 1 && value <= max) return { value }
    return { problem: `must be a size such as "8Mi", of ${max} bytes at most` }
  }

/** `true` or `false`. */
export const yesOrNo: OptionReader<boolean> = (text) =>
  text === 'true' || text === 'false'
    ? { value: text === 'true' }
    : { problem: 'must be "true" or "false"' }

/** A text of this form. */
export const matching =
  (form: RegExp, problem: string): OptionReader<string> =>
  (text) =>
    form.test(text) ? { value: text } : { problem }
