import type { SchedulerConfiguration, Span, Supposition } from '@reckon/scheduling'

/** What is computed from the log. */
export type Task =
  | { type: 'Replay'; span: Span; configuration?: SchedulerConfiguration }
  | { type: 'WhatIf'; span: Span; suppositions: readonly Supposition[] }

/** Lines of the log, or that there are no more. */
export type Batch = { lines: readonly string[] } | 'End'

/** How far it has come, or what came of it. */
export type FoldMessage = { events: number; time: string } | { report: unknown }
