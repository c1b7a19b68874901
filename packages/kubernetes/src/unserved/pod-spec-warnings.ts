import { isJsonObject } from '../json/json-object.ts'
import type { PodSpec, PodTemplateSpec } from '../object.ts'
import { parseQuantity } from '../quantity.ts'
import { compiled, warningsOf } from './field-rules.ts'
import { warnedInPodSpec } from './pod-spec-fields.ts'

const warned = compiled(warnedInPodSpec)

/** Warnings about a pod's spec, which may be incomplete; `field` is its path. */
export function podSpecWarnings(spec: PodSpec | undefined, field: string): readonly string[] {
  const { containers = [], initContainers = [] } = spec ?? {}
  return [
    ...warningsOf(warned, spec, field),
    ...(spec?.imagePullSecrets ?? []).flatMap(({ name = '' }, index) =>
      name === '' ? [`${field}.imagePullSecrets[${index}].name: invalid empty name ""`] : [],
    ),
    ...Object.entries({ containers, initContainers }).flatMap(([list, all]) =>
      all.flatMap(({ resources = {} }, index) =>
        fractionsOfBytes(resources, `${field}.${list}[${index}].resources`),
      ),
    ),
  ]
}

type Templated = { spec?: { template?: PodTemplateSpec } }

/** As `podSpecWarnings`, for kinds with a pod template. */
export const templateWarnings = ({ spec }: Templated): readonly string[] =>
  podSpecWarnings(spec?.template?.spec, 'spec.template.spec')

const bytes = ['memory', 'ephemeral-storage']
const billion = 1_000_000_000n

/** `100m` of memory is a tenth of a byte, surely a mistake (upstream's warning). */
function fractionsOfBytes(
  resources: { limits?: unknown; requests?: unknown },
  field: string,
): string[] {
  return Object.entries(resources).flatMap(([list, amounts]) =>
    bytes.flatMap((name) => {
      const quantity = isJsonObject(amounts) ? amounts[name] : undefined
      if (typeof quantity !== 'string' || parseQuantity(quantity).nanos % billion === 0n) return []
      const at = `${field}.${list}[${name}]`
      return [`${at}: fractional byte value "${quantity}" is invalid, must be an integer`]
    }),
  )
}
