const WORDS =
  /example|placeholder|your|insert|replace|dummy|sample|fake|redacted|changeme|change_me|goes|here|xxxx|deadbeef|secret|password|notreal|not-real|my-?token/i

/** Whether what stands where a secret would is only there to show where it goes. */
export function isPlaceholder(random: string): boolean {
  return WORDS.test(random) || ascends(random) || !isRandom(random)
}

/** Most of it is `abcdef123456`, or two such rows dovetailed: what a person types for "some letters". */
function ascends(text: string): boolean {
  return [1, 2].some((stride) => {
    let steps = 0
    for (let at = stride; at < text.length; at++) {
      if (text.charCodeAt(at) - text.charCodeAt(at - stride) === 1) steps++
    }
    return text.length > stride && steps / (text.length - stride) >= 0.5
  })
}

/** Whether the characters of a text are about as mixed as drawing them by lot would make them. */
function isRandom(text: string): boolean {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  const bits = [...counts.values()].reduce((sum, count) => {
    const share = count / text.length
    return sum - share * Math.log2(share)
  }, 0)
  const alphabet = /^[0-9a-f-]+$/i.test(text) ? 16 : 64
  return bits >= 0.72 * Math.log2(Math.min(text.length, alphabet))
}
