import type { CustomResourceDefinition } from '@reckon/kubernetes'

/** The id of a kind that is defined at run time, and the stream of its definition. */
export const pages = 'pages.example.com'
export const definitionStream = `customresourcedefinitions.apiextensions.k8s.io-/${pages}`

/** Its definition; names are accepted. */
export const pagesDefinition = (metadata: object = {}): CustomResourceDefinition => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: pages, ...metadata },
  spec: {
    group: 'example.com',
    names: { plural: 'pages', singular: 'page', kind: 'Page', listKind: 'PageList' },
    scope: 'Namespaced',
    versions: [{ name: 'v1', served: true, storage: true }],
  },
  status: { conditions: [{ type: 'Established', status: 'True' }] },
})
