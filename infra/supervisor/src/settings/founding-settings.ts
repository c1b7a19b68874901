import { type ClusterSettings, settingsFor } from '@reckon/domain'
import type { ClusterFile } from './cluster-file.ts'

/** The founding settings of a cluster, as far as this machine was told. */
export const foundingSettingsOf = ({ settings, nodes }: ClusterFile): ClusterSettings => ({
  ...settingsFor(nodes),
  ...settings,
})
