import type { Writable } from 'node:stream'
import { formatDiagnostics } from '../../build/report.ts'
import { hasErrors } from '../../schemas/diagnostic.ts'
import { visible } from '../../schemas/hidden-text.ts'
import type { ChannelChange } from '../channels/board.ts'
import type { Channel } from '../channels/channel.ts'
import type { ServingState } from '../channels/serving-state.ts'
import { type Access, milliseconds, shortPath } from './access.ts'

/** What the server tells the person who started it. */
export interface Log {
  readonly change: (change: ChannelChange) => void
  readonly warn: (sentence: string) => void
  readonly bug: (error: unknown) => void
  /** Absent where requests are not logged. */
  readonly access?: (access: Access) => void
}

/** A log that also says where the server is. */
export interface ConsoleLog extends Log {
  readonly ready: (serving: { readonly port: number; readonly state: ServingState }) => void
}

export interface LogOptions {
  readonly stdout: Writable
  readonly stderr: Writable
  /** Put in front of the paths of diagnostics. */
  readonly root: string
  readonly colours: boolean
  /** Also tell of every request. */
  readonly requests: boolean
}

/** A log in plain lines: what is served on stdout, what went wrong on stderr. A sentence is not said twice in a row. */
export function openLog({ stdout, stderr, root, colours, requests }: LogOptions): ConsoleLog {
  let lastWarning = ''
  const access = ({ method, path, status, seconds }: Access) =>
    void stdout.write(`  ${method} ${shortPath(path)} ${status} ${milliseconds(seconds)} ms\n`)
  return {
    ...(requests ? { access } : {}),
    ready: ({ port, state }) => {
      stdout.write(`Context Mill on http://localhost:${port}\n`)
      for (const channel of state.channels()) {
        const root = channel.name === state.root ? '  (answers at /)' : ''
        stdout.write(`${channelLine(channel)}${root}\n`)
      }
    },
    change: ({ before, after, tree }) => {
      const sources = tree?.files ?? []
      if (after.diagnostics.length > 0 && findingsOf(before) !== findingsOf(after)) {
        const place = after.branch === null ? '' : `In branch "${visible(after.branch)}":\n`
        const findings = formatDiagnostics(after.diagnostics, { format: 'pretty', root, sources, colours })
        stderr.write(`${place}${findings}`)
      }
      if (before !== undefined && changed(before, after)) stdout.write(`${channelLine(after)}\n`)
    },
    warn: (sentence) => {
      if (sentence !== lastWarning) stderr.write(`warning: ${sentence}\n`)
      lastWarning = sentence
    },
    bug: (error) => {
      stderr.write(`This is a bug in mill, not in your content.\n${(error as Error)?.stack ?? error}\n`)
    },
  }
}

/** One channel on one line: what it answers with, and what it follows. */
export function channelLine(channel: Channel): string {
  const release = channel.status === 'empty' ? 'nothing to serve' : releaseWords(channel)
  const follows = channel.branch === null ? 'work tree' : `branch "${visible(channel.branch)}"`
  const broken = hasErrors(channel.diagnostics) ? ', has errors' : ''
  return `  ${channel.name.padEnd(20)} ${channel.status.padEnd(8)} ${release}  ${follows}${broken}`
}

function releaseWords({ status, release, pointer }: Exclude<Channel, { status: 'empty' }>): string {
  const which = pointer === null ? ' (what is sound)' : ' (last good)'
  return `release ${release.id.slice(0, 12)}${status === 'stale' ? which : ''}`
}

function changed(before: Channel, after: Channel): boolean {
  return channelLine(before) !== channelLine(after)
}

function findingsOf(channel: Channel | undefined): string {
  return JSON.stringify(channel?.diagnostics ?? [])
}
