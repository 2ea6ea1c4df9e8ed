import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { GIT_FLAGS, GitError, type GitPlace } from './command.ts'

/** Blobs by object id, over one long-lived process. What is given out has the digest that its id promises. */
export interface GitObjects {
  readonly blob: (oid: string) => Promise<Buffer>
  readonly close: () => void
}

interface Waiting {
  readonly oid: string
  readonly resolve: (bytes: Buffer) => void
  readonly reject: (error: Error) => void
  /** Processes that have died over it. */
  deaths: number
}

/** Opens `git cat-file --batch`; the process starts with the first read, and again after it has died. */
export function openGitObjects(place: GitPlace): GitObjects {
  let batch: Batch | undefined
  let closed = false
  const ask = (one: Waiting) => {
    if (batch?.ended !== false) batch = startBatch(place, bury)
    batch.ask(one)
  }
  // Git dies over an object that it cannot unpack, and takes with it whoever waits behind that one.
  const bury = ([first, ...behind]: readonly Waiting[], reason: string) => {
    if (first === undefined) return
    first.deaths += 1
    const again = closed ? [] : [first, ...behind].filter(({ deaths }) => deaths < 2)
    for (const one of [first, ...behind])
      if (!again.includes(one)) one.reject(new GitError(reason, undefined))
    for (const one of again) ask(one)
  }
  return {
    blob: (oid) => new Promise((resolve, reject) => ask({ oid, resolve, reject, deaths: 0 })),
    close: () => {
      closed = true
      batch?.child.kill()
    },
  }
}

interface Batch {
  readonly child: ChildProcessWithoutNullStreams
  readonly ask: (one: Waiting) => void
  ended: boolean
}

function startBatch(place: GitPlace, onDeath: (waiting: readonly Waiting[], reason: string) => void): Batch {
  const child = spawn('git', [...GIT_FLAGS, 'cat-file', '--batch'], place)
  const waiting: Waiting[] = []
  let complaint = ''
  const batch: Batch = {
    child,
    ended: false,
    ask: (one) => {
      waiting.push(one)
      child.stdin.write(`${one.oid}\n`)
    },
  }
  const end = () => {
    if (batch.ended) return
    batch.ended = true
    onDeath(waiting.splice(0), /^(?:fatal|error): (.*)/m.exec(complaint)?.[1] ?? 'cat-file ended early')
  }
  const reader = batchReader((answer) => {
    const next = waiting.shift()
    if (next !== undefined) settle(next, answer)
  })
  child.stdout.on('data', reader)
  child.stderr.on('data', (chunk) => {
    complaint = `${complaint}${chunk}`.slice(-MAX_COMPLAINT)
  })
  // A process that no longer reads is about to close, and only then all it had to say is here.
  child.stdin.on('error', () => undefined)
  child.on('error', end)
  child.on('close', end)
  return batch
}

const MAX_COMPLAINT = 2_000

function settle({ oid, resolve, reject }: Waiting, { header, bytes }: BatchAnswer): void {
  if (bytes === undefined) reject(new GitError(header, undefined))
  else if (blobId(bytes, oid.length) === oid) resolve(bytes)
  else reject(new GitError(`${oid} holds other bytes than it did`, undefined))
}

/** Git does not hash what it reads. */
function blobId(bytes: Buffer, digits: number): string {
  const hash = createHash(digits === 64 ? 'sha256' : 'sha1')
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
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
