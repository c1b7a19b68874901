import { type FieldError, forbiddenField, invalidValue } from '../../field-error.ts'
import { isDeepEqual } from '../../json/deep-equal.ts'
import type { Pod, Toleration, Undefaulted } from '../../object.ts'
import { setPodOnlyDefaults, setPodSpecDefaults } from '../../pod-spec/pod-spec-defaults.ts'
import { validatePodSpec } from '../../pod-spec/pod-spec-validation.ts'
import type { Resource } from '../../resource.ts'
import { podSpecWarnings } from '../../unserved/pod-spec-warnings.ts'
import { plainKind } from '../plain-kind.ts'
import { podColumns, podRow } from './pod-row.ts'
import { validatePodStatus } from './pod-status-validation.ts'

/** Pod: names, defaults, rules and columns. */
export const pods: Resource<Pod> = {
  ...plainKind,
  group: '',
  version: 'v1',
  servedVersions: [{ group: '', version: 'v1' }],
  plural: 'pods',
  singular: 'pod',
  kind: 'Pod',
  listKind: 'PodList',
  namespaced: true,
  shortNames: ['po'],
  categories: ['all'],
  subresources: [
    'status',
    'log',
    'exec',
    'attach',
    'portforward',
    'proxy',
    'binding',
    'eviction',
    'ephemeralcontainers',
  ],
  selectableFields: {
    'spec.nodeName': (object) => object.spec.nodeName ?? '',
    'spec.restartPolicy': (object) => object.spec.restartPolicy ?? '',
    'spec.schedulerName': (object) => object.spec.schedulerName ?? '',
    'spec.serviceAccountName': (object) => object.spec.serviceAccountName ?? '',
    'spec.hostNetwork': (object) => String(object.spec.hostNetwork ?? false),
    'status.phase': (object) => object.status?.phase ?? '',
    'status.podIP': (object) => object.status?.podIP ?? '',
    // Upstream accepts this field and never matches it.
    'status.podIPs': () => '',
    'status.nominatedNodeName': (object) => object.status?.nominatedNodeName ?? '',
  },
  setDefaults: (object: Undefaulted<Pod>) => {
    const spec = object.spec ?? { containers: [] }
    object.spec = spec
    setPodOnlyDefaults(spec)
    setPodSpecDefaults(spec)
  },
  validate: (object) => validatePodSpec(object.spec, 'spec'),
  validateStatus: (object) => validatePodStatus(object.status ?? {}),
  validateUpdate: (after, before) => validateSpecUpdate(after, before),
  warnings: ({ spec }) => podSpecWarnings(spec, 'spec'),
  columns: podColumns,
  row: (object, now) => podRow(object, now),
}

const changeable =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

function validateSpecUpdate({ spec: after }: Pod, { spec: before }: Pod): FieldError[] {
  if (after.containers?.length !== before.containers.length) {
    return [forbiddenField('spec.containers', 'pod updates may not add or remove containers')]
  }
  if (after.initContainers?.length !== before.initContainers?.length) {
    return [forbiddenField('spec.initContainers', 'pod updates may not add or remove containers')]
  }
  const deadline = deadlineErrors(after.activeDeadlineSeconds, before.activeDeadlineSeconds)
  if (deadline.length > 0) return deadline
  const tolerated = new Set(after.tolerations?.map(tolerationText))
  const kept = (before.tolerations ?? []).every((one) => tolerated.has(tolerationText(one)))
  if (!kept) {
    return [
      forbiddenField(
        'spec.tolerations',
        'existing toleration can not be modified except its tolerationSeconds',
      ),
    ]
  }
  return isDeepEqual(fixedPart(after), fixedPart(before))
    ? []
    : [forbiddenField('spec', changeable)]
}

/** `activeDeadlineSeconds` may be set or lowered, nothing else. */
function deadlineErrors(after: number | undefined, before: number | undefined): FieldError[] {
  if (before === undefined) return []
  const field = 'spec.activeDeadlineSeconds'
  if (after === undefined) {
    return [invalidValue(field, null, 'must not update from a positive integer to nil value')]
  }
  if (after <= before) return []
  return [invalidValue(field, after, 'must be less than or equal to previous value')]
}

/** The immutable part of a pod's spec. */
function fixedPart(spec: Pod['spec']) {
  const withoutImages = (containers: Pod['spec']['containers'] = []) =>
    containers.map(({ image: _image, ...container }) => container)
  const { activeDeadlineSeconds: _deadline, tolerations: _tolerations, ...fixed } = spec
  const { containers, initContainers } = spec
  return {
    ...fixed,
    containers: withoutImages(containers),
    initContainers: withoutImages(initContainers),
  }
}

/** The immutable part of a toleration: everything but its duration. */
const tolerationText = ({ key, operator, value, effect }: Toleration): string =>
  JSON.stringify([key, operator, value, effect])
