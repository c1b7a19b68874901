import { withSelectorFromTemplate } from '../../pod-spec/pod-template-defaults.ts'
import type { Conversion } from '../../resource.ts'

/** The versions before apps/v1, the newest first; upstream has dropped them all. */
export const appsV1beta2 = {
  group: 'apps',
  version: 'v1beta2',
  deprecated: 'v1.9+, unavailable in v1.16+',
} as const
export const appsV1beta1 = {
  group: 'apps',
  version: 'v1beta1',
  deprecated: 'v1.8+, unavailable in v1.16+',
} as const
export const extensionsV1beta1 = {
  group: 'extensions',
  version: 'v1beta1',
  deprecated: 'v1.8+, unavailable in v1.16+',
} as const

/** A version that fills in selector and labels from the template. */
export const selectorFromTemplate: Conversion = {
  toHub: withSelectorFromTemplate,
  fromHub: (object) => object,
}

type Updated = Parameters<typeof withSelectorFromTemplate>[0] & {
  spec?: { updateStrategy?: { type?: string } }
}

/** A version whose default update strategy was `OnDelete`. */
export const onDeleteByDefault: Conversion = {
  toHub(object: Updated) {
    withSelectorFromTemplate(object)
    if (object.spec)
      object.spec.updateStrategy = { type: 'OnDelete', ...object.spec.updateStrategy }
    return object
  },
  fromHub: (object) => object,
}
