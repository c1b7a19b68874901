import type { NfsExport } from '../runtime/runtime.ts'

/** A file of a volume: `mode` as chmod takes it; `owner` where that is not the agent's own user. */
export type VolumeFile = { content: Uint8Array; mode: number; owner?: number }

/**
 * What a volume holds when its pod starts. What came from a Secret stays in memory, off the machine's disk. A `group`
 * owns it, may do what the owner may, and owns what is made in it.
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
   * A directory that outlives the pod; one that is made here is made where it is missing. What is in it is given to the
   * group, too, unless only a directory that is not the group's yet is to be (upstream's fsGroupChangePolicy).
   */
  | {
      type: 'Local'
      volume: string
      path: string
      isMade: boolean
      group?: number
      isGivenOnce?: boolean
    }
  /** What an NFS server has: the engine mounts it, and nothing of it lies here. */
  | { type: 'Nfs'; volume: string; nfs: NfsExport; isReadOnly: boolean }

/** What lies on the machine. */
export type PlacedContent = Exclude<VolumeContent, { type: 'Nfs' }>

/** One start of one container of a pod. */
export type Attempt = { container: string; attempt: number }

/**
 * Where the volumes of pods and the files mounted into their containers lie. What the machine refuses is a
 * `RuntimeRefusal`.
 */
export interface PodDisk {
  /**
   * Makes the volume, or brings its files up to date: a reader sees the old files or the new ones, never a mixture.
   * Refuses with `Invalid` what the machine does not have.
   */
  place(podUid: string, content: PlacedContent): Promise<void>
  /** The path to mount; with `subPath` one inside the volume, made as a directory where it is missing. */
  pathOf(podUid: string, content: PlacedContent, subPath?: string): Promise<string>
  /** The machine's own names of addresses: the text of its hosts file. */
  machineHosts(): Promise<string>
  /** Whom the machine asks for names, as a pod can ask, too: a file, and what it says. */
  machineResolver(): Promise<{ path: string; text: string }>
  /** The path of the file in which an attempt of a container may say how it ended; made where it is missing. */
  messageFile(podUid: string, of: Attempt): Promise<string>
  /** What it has said there. */
  message(podUid: string, of: Attempt): Promise<string>
  /** Where the volume of that name lies, or will, that is made here and outlives pods. */
  volumePath(name: string): string
  /** Removes such a volume with all that is in it; nothing happens where there is none. */
  removeVolume(name: string): Promise<void>
  /** How much of their disk, or of that device alone, the pod's own volumes take; none that are in memory. */
  usedBytes(podUid: string, device?: number): Promise<number>
  /** How much one of these takes, of the disk or of memory. */
  volumeBytes(podUid: string, volume: string): Promise<number>
  /** The pods that have anything here. */
  pods(): Promise<readonly string[]>
  /** Gives back the memory of its volumes, whose files are gone then; what lies on disk stays. */
  freeMemory(podUid: string): Promise<void>
  /** Removes everything of the pod; nothing happens where there is nothing. */
  remove(podUid: string): Promise<void>
  /** Removes what all pods share, once there are none. */
  tearDown(): Promise<void>
}
