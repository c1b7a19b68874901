import { type FieldError, invalidValue, notSupported, required } from '../../field-error.ts'
import { ageOf } from '../../human-duration.ts'
import { isDeepEqual } from '../../json/deep-equal.ts'
import { pathSegmentProblem, subdomainProblem } from '../../name-syntax.ts'
import type { RoleBinding, Subject } from '../../object.ts'
import type { Cells, Column } from '../../resource.ts'
import { ageColumn, nameColumn } from '../cells.ts'
import { rbacGroup } from './policy-rules.ts'

/** The key of a subject: `User ada`, `Group devs`, `ServiceAccount team/builder`. */
export function subjectKey({ kind, name, namespace }: Subject): string {
  return kind === 'ServiceAccount' ? `${kind} ${namespace}/${name}` : `${kind} ${name}`
}

/** The keys of a binding's subjects. */
export const subjectsOf = ({ subjects = [] }: RoleBinding): string[] => subjects.map(subjectKey)

/** Fills in the API groups of roles and subjects. */
export function setBindingDefaults({ roleRef, subjects }: Partial<RoleBinding>): void {
  if (roleRef) roleRef.apiGroup ||= rbacGroup
  for (const subject of subjects ?? []) {
    if (subject?.kind === 'User' || subject?.kind === 'Group') subject.apiGroup ||= rbacGroup
  }
}

/** What is wrong with a binding to a role of one of these kinds. */
export function validateBinding(
  { roleRef, subjects = [] }: RoleBinding,
  kinds: readonly string[],
): FieldError[] {
  const errors: FieldError[] = []
  const { apiGroup, kind, name = '' } = roleRef
  if (apiGroup !== rbacGroup) errors.push(notSupported('roleRef.apiGroup', apiGroup, [rbacGroup]))
  if (!kinds.includes(kind)) errors.push(notSupported('roleRef.kind', kind, kinds))
  const problem = pathSegmentProblem(name)
  if (name === '') errors.push(required('roleRef.name'))
  else if (problem !== '') errors.push(invalidValue('roleRef.name', name, problem))
  return [
    ...errors,
    ...subjects.flatMap((subject, index) => validateSubject(subject, `subjects[${index}]`)),
  ]
}

function validateSubject(subject: Subject, field: string): FieldError[] {
  const { kind, name = '', namespace = '', apiGroup = '' } = subject
  const errors = name === '' ? [required(`${field}.name`)] : []
  const isOf = (group: string) =>
    apiGroup === group ? [] : [notSupported(`${field}.apiGroup`, apiGroup, [group])]
  if (kind === 'User' || kind === 'Group') return [...errors, ...isOf(rbacGroup)]
  if (kind !== 'ServiceAccount') {
    return [...errors, notSupported(`${field}.kind`, kind, ['ServiceAccount', 'User', 'Group'])]
  }
  const problem = subdomainProblem(name)
  if (name !== '' && problem) errors.push(invalidValue(`${field}.name`, name, problem))
  if (namespace === '') errors.push(required(`${field}.namespace`))
  return [...errors, ...isOf('')]
}

/** The role of a binding is immutable: otherwise whoever may update bindings could grant more than they have. */
export function validateBindingUpdate(after: RoleBinding, before: RoleBinding): FieldError[] {
  if (isDeepEqual(after.roleRef, before.roleRef)) return []
  return [invalidValue('roleRef', after.roleRef, 'cannot change roleRef')]
}

export const bindingColumns: readonly Column[] = [
  nameColumn,
  { name: 'Role' },
  ageColumn,
  { name: 'Users', wide: true },
  { name: 'Groups', wide: true },
  { name: 'ServiceAccounts', wide: true },
]

export function bindingRow({ metadata, roleRef, subjects = [] }: RoleBinding, now: Date): Cells {
  const namesOf = (kind: string, nameOf: (subject: Subject) => string) =>
    subjects
      .filter((subject) => subject.kind === kind)
      .map(nameOf)
      .join(', ')
  return [
    metadata.name,
    `${roleRef?.kind}/${roleRef?.name}`,
    ageOf(metadata.creationTimestamp, now),
    namesOf('User', ({ name }) => name),
    namesOf('Group', ({ name }) => name),
    namesOf('ServiceAccount', ({ namespace, name }) => `${namespace}/${name}`),
  ]
}
