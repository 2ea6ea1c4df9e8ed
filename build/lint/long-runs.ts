/** Characters that tokens, paths and base64 of either alphabet are made of. */
const PART = new Uint8Array(128)
for (const part of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-') {
  PART[part.charCodeAt(0)] = 1
}

/** A stretch of such characters, with none before and none after it. */
export interface LongRun {
  readonly offset: number
  readonly length: number
}

/** The runs of a text that are so long or longer; only every so many characters one has to be looked at. */
export function* longRuns(text: string, shortest: number): Generator<LongRun, void> {
  for (let at = shortest - 1; at < text.length; at += shortest) {
    if (!isPart(text, at)) continue
    let start = at
    while (start > 0 && isPart(text, start - 1)) start--
    let end = at + 1
    while (isPart(text, end)) end++
    if (end - start >= shortest) yield { offset: start, length: end - start }
    at = end
  }
}

/** Whether a text holds a run that is so long. */
export function hasLongRun(text: string, shortest: number): boolean {
  return longRuns(text, shortest).next().done !== true
}

function isPart(text: string, at: number): boolean {
  return PART[text.charCodeAt(at)] === 1
}
