import { crc32 } from 'node:zlib'
import { CommandError } from '../../schemas/cli.ts'
import { type RunEvent, runEventSchema } from '../../schemas/run-event.ts'

const TAIL = /(,"synced":([1-9][0-9]*))?,"crc":"([0-9a-f]{8})"\}$/
const LATER_WRITE = /,"synced":[1-9][0-9]*,"crc":"[0-9a-f]{8}"\}$/m
const CRC_LENGTH = ',"crc":"00000000"}'.length

interface Encoded {
  readonly text: string
  readonly crc: number
}

/**
 * Events that are synced together, a line each. A line's checksum also covers every line before it, so that none
 * can change or go missing; the first one says how many there are, so that they count together or not at all.
 */
export function encodeLines(events: readonly RunEvent[], previous: number): Encoded {
  let text = ''
  let crc = previous
  for (const [index, event] of events.entries()) {
    const first = index === 0 ? `,"synced":${events.length}` : ''
    const body = JSON.stringify(event).slice(0, -1) + first
    crc = crc32(body, crc)
    text += `${body},"crc":"${crc.toString(16).padStart(8, '0')}"}\n`
  }
  return { text, crc }
}

export interface Replayed {
  readonly events: readonly RunEvent[]
  readonly crc: number
  /** Bytes that hold them; what comes after was never synced, and nobody was told of it. */
  readonly length: number
}

/**
 * What the bytes of a journal hold.
 * @throws CommandError `run/journal-corrupt` when something that was synced is not as it was written
 */
export function replay(bytes: Buffer, file: string): Replayed {
  const events: RunEvent[] = []
  let synced = { count: 0, crc: 0, length: 0 }
  let crc = 0
  let from = 0
  let left = 0
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, from)) {
    const line = decodeLine(bytes.toString('utf8', from, end), crc)
    if (!line || (left === 0) === (line.together === undefined)) {
      if (isUnsynced(bytes.subarray(from))) break
      throw corrupt(file, events.length + 1)
    }
    events.push(line.event)
    crc = line.crc
    from = end + 1
    left = (line.together ?? left) - 1
    if (left === 0) synced = { count: events.length, crc, length: from }
  }
  if (isWholeButItsEnd(bytes.subarray(from), crc)) throw corrupt(file, events.length + 1)
  return { events: events.slice(0, synced.count), crc: synced.crc, length: synced.length }
}

interface Line {
  readonly event: RunEvent
  readonly crc: number
  /** How many lines were synced together, in the first of them. */
  readonly together: number | undefined
}

function decodeLine(line: string, previous: number): Line | undefined {
  const [, mark = '', together, claimed] = TAIL.exec(line) ?? []
  if (claimed === undefined) return undefined
  const body = line.slice(0, -CRC_LENGTH)
  const crc = Number.parseInt(claimed, 16)
  if (crc !== crc32(body, previous)) return undefined
  try {
    const event = runEventSchema.parse(JSON.parse(`${body.slice(0, body.length - mark.length)}}`))
    return { event, crc, together: together === undefined ? undefined : Number(together) }
  } catch {
    return undefined
  }
}

/** A loss of power can leave pages of the last write empty. What was begun after it proves that it had been synced. */
function isUnsynced(rest: Buffer): boolean {
  return rest.includes('\0\0') && !LATER_WRITE.test(rest.subarray(rest.indexOf(10) + 1).toString('latin1'))
}

/** What was torn ends with the line or before it: another byte in the place of its end is damage. */
function isWholeButItsEnd(rest: Buffer, crc: number): boolean {
  return (rest.at(-1) ?? 0) !== 0 && decodeLine(rest.toString('utf8', 0, rest.length - 1), crc) !== undefined
}

function corrupt(file: string, line: number): CommandError {
  return new CommandError(
    'run/journal-corrupt',
    `Cannot read line ${line} of "${file}": it is not as it was written, so what the run did is not certain. Start a new run`,
  )
}
