import type { Price } from '../../schemas/models.ts'

const CHECKED = { checkedOn: '2026-11-21' } as const
const ANTHROPIC = {
  ...CHECKED,
  source: 'price table of Claude Code 2.1.329, as it charges known usage',
} as const
const GENAI_PRICES = { ...CHECKED, source: '@pydantic/genai-prices 0.1.8' } as const

/** Prices that are known, for a million tokens. What is not here is not guessed. */
export const PRICES: readonly Price[] = [
  {
    ...{ model: 'scripted', input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    ...{ ...CHECKED, source: 'a script answers, and nobody is paid' },
  },
  {
    ...{ model: 'claude-haiku-5-5', input: 0.1, output: 0.5, cacheRead: 0.01, cacheWrite: 0.125 },
    above: { tokens: 100_000, input: 0.5, output: 2.5, cacheRead: 0.05 },
    ...ANTHROPIC,
  },
  { model: 'claude-haiku-4-5', input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25, ...ANTHROPIC },
  { model: 'claude-sonnet-5-5', input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5, ...ANTHROPIC },
  {
    ...{ model: 'claude-sonnet-5-5', input: 2, output: 10, cacheRead: 0.1, cacheWrite: 2.5 },
    from: '2026-10-07',
    ...ANTHROPIC,
  },
  { model: 'claude-sonnet-5', input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5, ...ANTHROPIC },
  { model: 'claude-sonnet-4-5', input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75, ...ANTHROPIC },
  { model: 'claude-opus-5-5', input: 4, output: 20, cacheRead: 0.2, cacheWrite: 5, ...ANTHROPIC },
  { model: 'claude-opus-5', input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25, ...ANTHROPIC },
  { model: 'claude-opus-4-8', input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25, ...ANTHROPIC },
  { model: 'claude-fable-5-1', input: 10, output: 50, cacheRead: 0.25, cacheWrite: 12.5, ...ANTHROPIC },
  { model: 'claude-fable-5', input: 10, output: 50, cacheRead: 1, cacheWrite: 12.5, ...ANTHROPIC },
  { model: 'gpt-5-nano', input: 0.05, output: 0.4, ...CHECKED, source: 'price list of the provider' },
  { model: 'gpt-5-mini', input: 0.25, output: 2, ...GENAI_PRICES },
  {
    ...{ model: 'gpt-5.6-luna', input: 0.2, output: 1.2 },
    above: { tokens: 1_000_000, input: 0.4, output: 1.2 },
    ...GENAI_PRICES,
  },
  {
    ...{ model: 'gpt-5.6-terra', input: 2, output: 12 },
    above: { tokens: 1_000_000, input: 4, output: 12 },
    ...GENAI_PRICES,
  },
  {
    ...{ model: 'gpt-6-astra', input: 10, output: 50 },
    above: { tokens: 1_000_000, input: 20, output: 50 },
    ...GENAI_PRICES,
  },
]
