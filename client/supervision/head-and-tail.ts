const KEPT = 16 * 1024

/** Collects output of any length in little memory: the first and the last 16 KiB. */
export function headAndTail(kept = KEPT): {
  readonly add: (chunk: Buffer) => void
  readonly text: () => string
} {
  let head = Buffer.alloc(0)
  let tail = Buffer.alloc(0)
  let dropped = 0
  const add = (chunk: Buffer) => {
    const room = kept - head.length
    head = Buffer.concat([head, chunk.subarray(0, Math.max(0, room))])
    const rest = Buffer.concat([tail, chunk.subarray(Math.max(0, room))])
    dropped += Math.max(0, rest.length - kept)
    tail = rest.subarray(Math.max(0, rest.length - kept))
  }
  const text = () =>
    dropped === 0
      ? Buffer.concat([head, tail]).toString('utf8')
      : `${head.toString('utf8')}\n(${dropped} bytes left out)\n${tail.toString('utf8')}`
  return { add, text }
}
