import { tmpdir } from 'node:os'
import { describe, expect, test } from 'vitest'
import { embeddedHarness } from '../../../../client/harness/embedded/embedded.ts'
import type { Policy } from '../../../../client/harness/embedded/policy.ts'
import { callsOf, conformance, type Script } from '../conformance.ts'
import { Desk } from '../desk.ts'

/** Does not even listen to the signal. */
const hang = () => new Promise<never>(() => undefined)

function scripted(script: Script) {
  const policies = Object.entries(script).map(([type, steps]): [string, Policy] => [
    `conformance/${type}`,
    async ({ call }) => {
      for (const step of steps) {
        if (step === 'hang') await hang()
        await Promise.all(callsOf(step).map(({ tool, input }) => call(tool, input)))
      }
    },
  ])
  return embeddedHarness({ policies: Object.fromEntries(policies) })
}

describe('embeddedHarness() conforms', () => conformance(scripted))

describe('embeddedHarness()', () => {
  const job = (flow: string, type: string) =>
    new Desk({ app: tmpdir(), flow, framework: 'nextjs' }).job('t1', type)

  test('says what it is', async () => {
    const harness = embeddedHarness()
    expect([harness.name, harness.disclosure]).toEqual(['embedded', 'no model: rule-based'])
    expect(await harness.check()).toMatchObject({ ok: true })
  })

  test('claims no model, no tokens and no cost', async () => {
    const outcome = await scripted({ one: [] }).run(job('conformance', 'one'))
    expect(outcome.usage).toEqual([])
    expect(outcome.usage).toEqual([])
  })

  test('says that a rule which does not listen is lost, and lets it do nothing more', async () => {
    const stop = new AbortController()
    const woken = Promise.withResolvers<void>()
    const late = Promise.withResolvers<unknown>()
    const deaf: Policy = async ({ call }) => {
      stop.abort()
      await woken.promise
      await call('Write', { file_path: 'late.txt', content: '' }).then(late.resolve, late.reject)
    }
    const harness = embeddedHarness({ policies: { 'conformance/one': deaf } })
    const outcome = await harness.run({ ...job('conformance', 'one'), signal: stop.signal })
    expect(outcome).toMatchObject({ end: 'aborted', isLost: true, turns: 0 })
    woken.resolve()
    await expect(late.promise).rejects.toThrow('The run was cancelled')
  })

  test('ends as "api-error" where it has no rule, and does not pretend', async () => {
    for (const [flow, type] of [
      ['integrate-posthog', 'unheard-of'],
      ['another-flow', 'install'],
      ['constructor', 'name'],
    ] as const) {
      const outcome = await embeddedHarness().run(job(flow, type))
      expect(outcome.end).toBe('api-error')
      expect(outcome.message).toContain(`"${flow}/${type}"`)
    }
  })

  test('ends as "crash" with the reason when a rule throws', async () => {
    const policies = {
      'conformance/one': async () => {
        throw new Error('the rule is broken')
      },
    }
    const outcome = await embeddedHarness({ policies }).run(job('conformance', 'one'))
    expect(outcome).toMatchObject({ end: 'crash', message: 'the rule is broken' })
  })
})
