import type { ChannelPin, ChannelPointer, ChannelStatus } from '../../schemas/channel.ts'

/** What is told of one channel. Null is what the one who was asked cannot know, or what is not there. */
export interface ChannelRow {
  readonly channel: string
  readonly status: ChannelStatus['status'] | null
  readonly pointer: ChannelPointer | null
  readonly pin: ChannelPin | null
  /** The newest build of a pinned channel. */
  readonly newest: ChannelPointer | null
  readonly rewound: boolean | null
  /** True for the channel at `/`. */
  readonly root?: boolean
  /** What the channel pointed at, the newest first; a store knows it. */
  readonly history?: readonly (ChannelPointer & { readonly cause: string })[]
}

const HEAD = ['CHANNEL', 'STATUS', 'SERIAL', 'RELEASE', 'COMMIT', 'AGE', 'NOTES'] as const
const SHORT = 12

/** Channels as a table; what a store knows of earlier releases follows each. */
export function channelTable(rows: readonly ChannelRow[], now: Date): string {
  const lines: (readonly string[])[] = [HEAD]
  for (const row of rows) {
    lines.push([row.channel, row.status ?? '-', ...pointerCells(row.pointer, now), notesOf(row).join(', ')])
    const before = row.history?.filter(({ serial }) => serial !== row.pointer?.serial) ?? []
    for (const entry of before.slice(0, 3)) lines.push(['', '', ...pointerCells(entry, now), entry.cause])
  }
  const widths = HEAD.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)))
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

function pointerCells(pointer: ChannelPointer | null, now: Date): string[] {
  if (pointer === null) return ['-', '-', '-', '-']
  const { serial, release, commit, publishedAt } = pointer
  const age = ageOf(now.getTime() - Date.parse(publishedAt))
  return [String(serial), release.slice(0, SHORT), commit?.slice(0, SHORT) ?? 'work tree', age]
}

function notesOf({ root, pin, newest, rewound, pointer }: ChannelRow): string[] {
  return [
    ...(root === true ? ['at /'] : []),
    ...(pin === null ? [] : [pin.from === null ? 'pinned' : `pinned from ${pin.from}`]),
    ...(newest === null || newest.release === pointer?.release
      ? []
      : [`newest build ${newest.release.slice(0, SHORT)}`]),
    ...(rewound === true ? ['rewound'] : []),
  ]
}

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
] as const

function ageOf(ms: number): string {
  const [size, unit] = UNITS.find(([size]) => ms >= size) ?? [1000, 's']
  return `${Math.max(0, Math.floor(ms / size))}${unit}`
}
