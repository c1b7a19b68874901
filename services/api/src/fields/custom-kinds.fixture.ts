import { type FieldLists, type Part, specOf } from './field-lists.fixture.ts'

const objects = 'services/api/src/verbs/custom-resources.test.ts'
const values = 'packages/kubernetes/src/custom-resources/custom-validation.test.ts'

const definition: FieldLists = {
  actedOn: {
    [objects]: [
      '{group,scope}',
      'names.{categories,kind,listKind,plural,shortNames,singular}',
      'versions[].{deprecated,deprecationWarning,name,served,storage}',
      'versions[].additionalPrinterColumns[].{description,format,jsonPath,name,priority,type}',
      'versions[].selectableFields[].jsonPath',
      'versions[].subresources.scale.{labelSelectorPath,specReplicasPath,statusReplicasPath}',
      'versions[].subresources.status',
    ],
  },
  kept: {},
  warned: [],
  refused: ['conversion.strategy', 'conversion.webhook', 'preserveUnknownFields'],
}

const schema: FieldLists = {
  actedOn: {
    [objects]: [
      'default',
      'x-kubernetes-{embedded-resource,int-or-string,map-type,preserve-unknown-fields}',
    ],
    [values]: [
      '{additionalProperties,allOf,anyOf,enum,exclusiveMaximum,exclusiveMinimum,format,items}',
      '{maxItems,maxLength,maxProperties,maximum,minItems,minLength,minProperties,minimum}',
      '{multipleOf,not,nullable,oneOf,pattern,properties,required,type}',
      'x-kubernetes-{list-map-keys,list-type}',
    ],
  },
  kept: {
    '{$schema,description,example,externalDocs,title}': 'for people to read: `kubectl explain`',
  },
  warned: [],
  warnedAs: { 'x-kubernetes-validations': 'x-kubernetes-validations: rules in CEL are kept' },
  refused: ['{$ref,additionalItems,definitions,dependencies,id,patternProperties,uniqueItems}'],
}

const root = { schema: { openAPIV3Schema: { type: 'object' } } }
const spec = {
  ...{ group: 'example.com', scope: 'Namespaced' },
  names: { plural: 'xs', kind: 'X' },
  versions: [
    { name: 'v1', served: true, storage: true, ...root },
    { name: 'v2', served: true, storage: false, ...root },
  ],
}
const definitions = {
  ...specOf('/apis/apiextensions.k8s.io/v1/customresourcedefinitions'),
  base: { metadata: { name: 'xs.example.com' }, spec },
}
const extensions = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1'

/** What defines kinds at run time. */
export const definitionParts: readonly Part[] = [
  {
    name: 'a CustomResourceDefinition',
    ...{ schema: `${extensions}.CustomResourceDefinitionSpec`, lists: definition },
    ...definitions,
    except: ['versions[].schema.openAPIV3Schema'],
  },
  {
    name: 'the schema of a custom kind',
    ...{ schema: `${extensions}.JSONSchemaProps`, lists: schema },
    ...{ ...definitions, at: 'spec.versions[].schema.openAPIV3Schema' },
  },
]
