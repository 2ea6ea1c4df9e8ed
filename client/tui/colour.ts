const CODES = { bold: 1, dim: 2, strike: 9, red: 31, green: 32, yellow: 33, cyan: 36 } as const
export type Style = keyof typeof CODES

/** Puts styles around text; without colour it is the text alone. */
export type Paint = (text: string, ...styles: readonly Style[]) => string

export function painter(colour: boolean): Paint {
  if (!colour) return (text) => text
  return (text, ...styles) =>
    text === '' || styles.length === 0
      ? text
      : `\u001B[${styles.map((style) => CODES[style]).join(';')}m${text}\u001B[0m`
}

/** Whether a stream gets colour: `NO_COLOR` forbids it, `FORCE_COLOR` demands it, else a terminal has it. */
export function wantsColour(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0') return true
  return isTerminal && env.TERM !== 'dumb'
}
