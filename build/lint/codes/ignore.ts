import type { Entry } from '../rule.ts'

const prompt = (body: string) => ({
  'agents/demo/task.md': `---\ntype: task\nflow: demo\nmodel: m1\n---\n${body}\n`,
})
const ODD = 'Pay with p\u0430ypal.'

/** Codes about notes that silence a warning, and about waivers. */
export const IGNORE_CODES: readonly Entry[] = [
  {
    code: 'ignore/no-reason',
    severity: 'error',
    summary: 'A note silences a warning and does not say why.',
    ok: [{ files: prompt(`<!-- mill-ignore safety/mixed-script: a test of our own -->\n${ODD}`) }],
    notOk: [
      { files: prompt(`<!-- mill-ignore safety/mixed-script -->\n${ODD}`), at: ['agents/demo/task.md:6:1'] },
    ],
  },
  {
    code: 'ignore/unknown-code',
    severity: 'error',
    summary: 'A note silences a code that does not exist.',
    ok: [{ files: prompt(`${ODD} <!-- mill-ignore safety/mixed-script: a test of our own -->`) }],
    notOk: [
      { files: prompt(`<!-- mill-ignore safety/mixed: why -->\n${ODD}`), at: ['agents/demo/task.md:6:1'] },
    ],
  },
  {
    code: 'ignore/error',
    severity: 'error',
    summary:
      'A note silences an error. Errors are mended; only findings of the safety rules can be waived, in `waivers.yaml`.',
    ok: [],
    notOk: [
      {
        files: prompt('<!-- mill-ignore safety/secret: it is only a test -->\nGo.'),
        at: ['agents/demo/task.md:6:1'],
      },
    ],
  },
  {
    code: 'ignore/unused',
    severity: 'warning',
    summary: 'A note silences a warning that is not there (any more).',
    ok: [{ files: prompt(`<!-- mill-ignore safety/mixed-script: a test of our own -->\n\n${ODD}`) }],
    notOk: [
      {
        files: prompt(`Go.\n<!-- mill-ignore safety/mixed-script: why -->\n\n${ODD}`),
        at: ['agents/demo/task.md:7:1'],
      },
    ],
  },
  {
    code: 'waivers/stale',
    severity: 'warning',
    summary: 'An entry of `waivers.yaml` is about a text that is not there (any more).',
    ok: [{ files: { 'waivers.yaml': '[]\n' } }],
    notOk: [
      {
        files: {
          'waivers.yaml': `- rule: safety/secret\n  path: agents/demo/task.md\n  digest: ${'ab'.repeat(32)}\n  reason: a key of the test bench\n`,
        },
        at: ['waivers.yaml:1:3'],
      },
    ],
  },
]
