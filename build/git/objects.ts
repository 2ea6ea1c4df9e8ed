import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { GIT_FLAGS, GitError, type GitPlace } from './command.ts'

/** Blobs by object id, over one long-lived process. */
export interface GitObjects {
  readonly blob: (oid: string) => Promise<Buffer>
  readonly close: () => void
}

interface Waiting {
  readonly resolve: (bytes: Buffer) => void
  readonly reject: (error: Error) => void
}

/** Opens `git cat-file --batch`; the process starts with the first read, and again after it has died. */
export function openGitObjects(place: GitPlace): GitObjects {
  let batch: Batch | undefined
  return {
    blob: (oid) => {
      if (batch?.ended !== false) batch = startBatch(place)
      return batch.ask(oid)
    },
    close: () => batch?.child.kill(),
  }
}

interface Batch {
  readonly child: ChildProcessWithoutNullStreams
  readonly ask: (oid: string) => Promise<Buffer>
  ended: boolean
}

function startBatch(place: GitPlace): Batch {
  const child = spawn('git', [...GIT_FLAGS, 'cat-file', '--batch'], place)
  const waiting: Waiting[] = []
  const reader = batchReader((answer) => {
    const next = waiting.shift()
    if (answer.bytes !== undefined) next?.resolve(answer.bytes)
    else next?.reject(new GitError(answer.header, undefined))
  })
  const batch: Batch = {
    child,
    ended: false,
    ask: (oid) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        child.stdin.write(`${oid}\n`)
      }),
  }
  const end = (cause: unknown) => {
    batch.ended = true
    for (const { reject } of waiting.splice(0)) reject(new GitError('cat-file ended early', cause))
  }
  child.stdout.on('data', reader)
  child.stderr.resume()
  child.stdin.on('error', end)
  child.on('error', end)
  child.on('close', end)
  return batch
}

/** One answer of `cat-file --batch`; without bytes, the header says why. */
export interface BatchAnswer {
  readonly header: string
  readonly bytes?: Buffer
}

/** Cuts the stream `<oid> blob <size>\n<bytes>\n` … into answers, however it arrives. */
export function batchReader(onAnswer: (answer: BatchAnswer) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = []
  let held = 0
  // Nothing is joined before this many bytes are there, so a large blob in small chunks stays linear.
  let needed = 1
  return (chunk) => {
    chunks.push(chunk)
    held += chunk.length
    if (held < needed) return
    let rest: Buffer = chunks.length === 1 ? chunk : Buffer.concat(chunks)
    for (;;) {
      const cut = cutAnswer(rest)
      needed = cut.needed
      if (cut.answer === undefined) break
      rest = rest.subarray(cut.end)
      onAnswer(cut.answer)
    }
    chunks = [rest]
    held = rest.length
  }
}

interface Cut {
  readonly answer?: BatchAnswer
  readonly end: number
  /** Bytes that must be held before another try makes sense. */
  readonly needed: number
}

function cutAnswer(held: Buffer): Cut {
  const lineEnd = held.indexOf(0x0a)
  if (lineEnd < 0) return { end: 0, needed: held.length + 1 }
  const header = held.toString('latin1', 0, lineEnd)
  const size = /^[0-9a-f]+ ([a-z]+) ([0-9]+)$/.exec(header)
  if (size === null) return { answer: { header }, end: lineEnd + 1, needed: 1 }
  const start = lineEnd + 1
  const end = start + Number(size[2])
  if (held.length < end + 1) return { end: 0, needed: end + 1 }
  const bytes = Buffer.from(held.subarray(start, end))
  return { answer: size[1] === 'blob' ? { header, bytes } : { header }, end: end + 1, needed: 1 }
}
