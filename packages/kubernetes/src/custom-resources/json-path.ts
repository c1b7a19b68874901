import { isJsonObject } from '../json/json-object.ts'

/** One step of a path: a field or an index, all items, or those with a field of some value. */
type Step = { key: string } | { all: true } | { field: string; value: string }

const stepPattern =
  /\.?\[\?\(@\.([\w./-]+)\s*==\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\)\]|\.?\[(\*)\]|\.?\[['"]((?:[^'"\\]|\\.)*)['"]\]|\.?\[(-?\d+)\]|\.((?:[^.[\\]|\\.)+)|^((?:[^.[\\]|\\.)+)/gy

/**
 * The steps of a path as printer columns and scales name one (`.status.conditions[?(@.type=="Ready")].status`);
 * undefined where it is none.
 */
export function parseJsonPath(path: string): readonly Step[] | undefined {
  const text = path.replace(/^\{(.*)\}$/, '$1').replace(/^\$/, '')
  const steps: Step[] = []
  let end = 0
  for (const match of text.matchAll(stepPattern)) {
    const [whole, field, double, single, bare, all, quoted, index, dotted, first] = match
    end += whole.length
    if (field !== undefined) steps.push({ field, value: double ?? single ?? bare ?? '' })
    else if (all !== undefined || dotted === '*') steps.push({ all: true })
    else {
      const key = quoted ?? index ?? dotted ?? first ?? ''
      steps.push({ key: key.replaceAll(/\\(.)/g, '$1') })
    }
  }
  return end === text.length ? steps : undefined
}

/** The values at a path, in order. */
export function valuesAt(value: unknown, steps: readonly Step[]): readonly unknown[] {
  return steps.reduce<readonly unknown[]>(
    (values, step) => values.flatMap((each) => following(each, step)),
    [value],
  )
}

function following(value: unknown, step: Step): readonly unknown[] {
  if ('all' in step)
    return Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : []
  if ('field' in step) {
    const path = parseJsonPath(`.${step.field}`) ?? []
    const items = Array.isArray(value) ? value : []
    return items.filter((item) =>
      valuesAt(item, path).some((found) => String(found) === step.value),
    )
  }
  const { key } = step
  if (Array.isArray(value)) {
    const found: unknown = value.at(Number(key))
    return found === undefined ? [] : [found]
  }
  return isJsonObject(value) && Object.hasOwn(value, key) ? [value[key]] : []
}
