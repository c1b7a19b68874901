import { duplicate, type FieldError, forbiddenField, notFoundValue } from '../../field-error.ts'
import { isDeepEqual } from '../../json/deep-equal.ts'
import type { Pod } from '../../object.ts'
import { validateContainer } from '../../pod-spec/container-validation.ts'
import { invalid } from '../../refusals.ts'
import { pods } from './pods.ts'

const field = 'spec.ephemeralContainers'

/** Fields that an ephemeral container may not have. */
const notAllowed = [
  'ports',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
  'resources',
] as const

/** Refuses, as Invalid with every cause, an update of ephemeral containers that does more than add valid ones. */
export function validateEphemeralContainers(before: Pod, after: Pod): void {
  const { ephemeralContainers: known = [] } = before.spec
  const { ephemeralContainers: wanted = [], containers, initContainers = [] } = after.spec
  const around = { spec: after.spec, volumes: new Set(after.spec.volumes?.map(({ name }) => name)) }
  const taken = [...containers, ...initContainers].map(({ name }) => name)
  const causes = wanted.flatMap((container, index): FieldError[] => {
    const at = `${field}[${index}]`
    const { name, targetContainerName: target } = container
    const earlier = wanted.slice(0, index).map((each) => each.name)
    return [
      ...validateContainer(container, at, around),
      ...([...taken, ...earlier].includes(name) ? [duplicate(`${at}.name`, name)] : []),
      ...(target && !taken.includes(target)
        ? [notFoundValue(`${at}.targetContainerName`, target)]
        : []),
      ...notAllowed.flatMap((each) =>
        isEmpty(container[each])
          ? []
          : [forbiddenField(`${at}.${each}`, 'cannot be set for an Ephemeral Container')],
      ),
    ]
  })
  for (const old of known) {
    const now = wanted.find(({ name }) => name === old.name)
    const why = now === undefined ? 'removed' : isDeepEqual(now, old) ? undefined : 'changed'
    if (why) {
      const detail = `existing ephemeral containers "${old.name}" may not be ${why}`
      causes.push(forbiddenField(field, detail))
    }
  }
  if (causes.length > 0) throw invalid(pods, after.metadata.name, causes)
}

const isEmpty = (value: object | undefined): boolean =>
  value === undefined || Object.keys(value).length === 0
