/**
 * The smallest piece of whole lines that turns `before` into `after` when it is replaced, widened until it occurs
 * once in `before`.
 */
export function hunkOf(
  before: string,
  after: string,
): { readonly oldText: string; readonly newText: string } {
  const old = linesOf(before)
  const now = linesOf(after)
  let head = 0
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1
  let tail = 0
  const most = Math.min(old.length, now.length) - head
  while (tail < most && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1
  for (;;) {
    const oldText = old.slice(head, old.length - tail).join('')
    if ((oldText !== '' && before.split(oldText).length === 2) || (head === 0 && tail === 0)) {
      return { oldText, newText: now.slice(head, now.length - tail).join('') }
    }
    head = Math.max(0, head - 1)
    tail = Math.max(0, tail - 1)
  }
}

function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}
