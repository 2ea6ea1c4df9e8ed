import { InvalidArgumentError } from 'commander'

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/**
 * Milliseconds of a duration such as `12h`.
 *
 * @throws {InvalidArgumentError}
 */
export function parseDuration(text: string): number {
  const [, count, unit] = /^([1-9][0-9]{0,4})([smhd])$/.exec(text) ?? []
  if (count === undefined || unit === undefined) {
    throw new InvalidArgumentError(`Cannot use "${text}": expected a duration such as 90s, 10m, 12h or 30d`)
  }
  return Number(count) * UNITS[unit as keyof typeof UNITS]
}
