import type { Entry } from '../rule.ts'

const prompt = (body: string) => ({
  'agents/demo/task.md': `---\ntype: task\nflow: demo\nmodel: m1\n---\n${body}\n`,
})
const ODD = 'Pay with p\u0430ypal.'

const baseline = (code: string) => ({
  'content.baseline.json': `{\n  "version": 1,\n  "findings": [\n    {"code":"${code}","path":"agents/demo/task.md","digest":"${'ab'.repeat(32)}","count":1}\n  ]\n}\n`,
})

/** Codes about notes that silence a warning, about waivers, and about the list of old findings. */
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
  {
    code: 'baseline/code',
    severity: 'error',
    summary:
      'The list of old findings holds one that no list can excuse: no artifact can be made while it is there, or it is a danger to who reads it.',
    ok: [],
    notOk: [{ files: baseline('parse/yaml'), at: ['content.baseline.json:4:5'] }],
  },
  {
    code: 'baseline/fixed',
    severity: 'warning',
    summary:
      'The list of old findings holds one that is not there any more. `mill check --write-baseline` prunes it.',
    ok: [],
    notOk: [{ files: baseline('validate/unknown-key'), at: ['content.baseline.json:4:5'] }],
  },
]
