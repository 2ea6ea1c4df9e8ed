/** Text on lines of at most `width` characters; a word that is longer is cut. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ').flatMap((long) => pieces(long, width))) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

function pieces(word: string, width: number): string[] {
  const count = Math.max(1, Math.ceil(word.length / width))
  return Array.from({ length: count }, (_, at) => word.slice(at * width, (at + 1) * width))
}
