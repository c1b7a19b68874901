import type { NfsExport } from '../runtime/runtime.ts'

/** A file of a volume. `owner` is set where it is not the agent's user. */
export type VolumeFile = { content: Uint8Array; mode: number; owner?: number }

/**
 * The content of a volume when its pod starts. Content from a Secret stays in memory. A `group` owns the volume, has
 * the owner's rights, and owns new files in it.
 */
export type VolumeContent =
  | {
      type: 'Files'
      volume: string
      files: ReadonlyMap<string, VolumeFile>
      medium?: 'Memory'
      group?: number
    }
  | {
      type: 'Empty'
      volume: string
      medium: 'Disk' | 'Memory'
      bytesMax?: number
      group?: number
    }
  | { type: 'HostPath'; volume: string; path: string; check: string }
  /**
   * A lasting directory; one of our own volumes is created where it is missing. Its content is given to the group as
   * well, unless only a directory that does not have the group yet is to be changed (fsGroupChangePolicy).
   */
  | {
      type: 'Local'
      volume: string
      path: string
      isMade: boolean
      group?: number
      isGivenOnce?: boolean
    }
  /** An NFS export: the engine mounts it, and nothing is stored here. */
  | { type: 'Nfs'; volume: string; nfs: NfsExport; isReadOnly: boolean }

/** Content that is stored on the machine. */
export type PlacedContent = Exclude<VolumeContent, { type: 'Nfs' }>

export type Attempt = { container: string; attempt: number }

/**
 * Stores the volumes of pods and the files mounted into their containers. Errors of the machine are `RuntimeRefusal`s.
 */
export interface PodDisk {
  /**
   * Creates the volume or updates its files: readers see the old files or the new ones, never a mixture. Refuses with
   * `Invalid` what the machine does not have.
   */
  place(podUid: string, content: PlacedContent): Promise<void>
  /** The path to mount; with `subPath` one inside the volume, created as a directory where it is missing. */
  pathOf(podUid: string, content: PlacedContent, subPath?: string): Promise<string>
  /** The text of the machine's hosts file. */
  machineHosts(): Promise<string>
  /** The machine's resolv.conf, with servers that pods can reach: its path and text. */
  machineResolver(): Promise<{ path: string; text: string }>
  /** The path of the termination message file of an attempt, created where it is missing. */
  messageFile(podUid: string, of: Attempt): Promise<string>
  /** The termination message of an attempt. */
  message(podUid: string, of: Attempt): Promise<string>
  /** The path of a lasting volume of this node, which may not exist yet. */
  volumePath(name: string): string
  /** Removes such a volume and its content, if it exists. */
  removeVolume(name: string): Promise<void>
  /** The disk space of the pod's own volumes (only those on the device, if given), without those in memory. */
  usedBytes(podUid: string, device?: number): Promise<number>
  /** The space of one of these volumes, on disk or in memory. */
  volumeBytes(podUid: string, volume: string): Promise<number>
  /** The pods that have anything here. */
  pods(): Promise<readonly string[]>
  /** Frees the memory of its volumes, whose files are then gone; volumes on disk stay. */
  freeMemory(podUid: string): Promise<void>
  /** Removes everything of the pod, if there is anything. */
  remove(podUid: string): Promise<void>
  /** Removes what all pods share, after the last one. */
  tearDown(): Promise<void>
}
