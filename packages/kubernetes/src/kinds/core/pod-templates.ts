import { required } from '../../field-error.ts'
import { validateAnnotations, validateLabels } from '../../metadata-validation.ts'
import type { PodTemplate } from '../../object.ts'
import { setPodSpecDefaults } from '../../pod-spec/pod-spec-defaults.ts'
import { validatePodSpec } from '../../pod-spec/pod-spec-validation.ts'
import type { Resource } from '../../resource.ts'
import { podSpecWarnings } from '../../unserved/pod-spec-warnings.ts'
import { containerCells, labelsCell, nameColumn } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'

/** PodTemplate: stored for clients, as upstream; nothing uses it. */
export const podTemplates: Resource<PodTemplate> = {
  ...plainKind,
  group: '',
  version: 'v1',
  servedVersions: [{ group: '', version: 'v1' }],
  plural: 'podtemplates',
  singular: 'podtemplate',
  kind: 'PodTemplate',
  listKind: 'PodTemplateList',
  namespaced: true,
  setDefaults: ({ template }) => {
    if (template) template.metadata ??= {}
    if (template?.spec) setPodSpecDefaults(template.spec)
  },
  validate: ({ template }) => [
    ...validateLabels(template?.metadata?.labels, 'template.labels'),
    ...validateAnnotations(template?.metadata?.annotations, 'template.annotations'),
    ...(template?.spec
      ? validatePodSpec(template.spec, 'template.spec')
      : [required('template.spec.containers')]),
  ],
  warnings: ({ template }) => podSpecWarnings(template?.spec, 'template.spec'),
  columns: [nameColumn, { name: 'Containers' }, { name: 'Images' }, { name: 'Pod Labels' }],
  row: ({ metadata, template }) => [
    metadata.name,
    ...containerCells(template?.spec),
    labelsCell(template?.metadata?.labels),
  ],
}
