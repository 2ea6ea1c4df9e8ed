import { isHarnessName } from '../harness/harnesses.ts'
import { PRICES } from '../models/price-table.ts'

/** What is told in the place of a name that is nobody's business. */
const OTHER = 'other'

/** Models that everybody knows; a name that somebody gave a model of their own may say too much. */
const MODELS: ReadonlySet<string> = new Set(['rules', ...PRICES.map(({ model }) => model)])

/** A string that is a name by form, or `other`. */
export function word(value: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(value) ? value : OTHER
}

/** A model of the price table, with the day it was made, or `other`. */
export function knownModel(model: string): string {
  const name = model.replace(/^[a-z]+\//, '')
  return MODELS.has(name.replace(/-20[0-9]{6}$/, '')) ? name : OTHER
}

/** A harness of ours, or `other`. */
export function knownHarness(name: string): string {
  return isHarnessName(name) ? name : OTHER
}

/** Who queued or was refused, without saying which task it was. */
export function kindOf(by: string): string {
  return by === 'seed' || by === 'runner' ? by : 'task'
}
