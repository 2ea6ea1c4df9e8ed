import type { Rule } from './rule.ts'
import { checkSafety } from './safety.ts'
import { findSecrets, redacted } from './secrets.ts'

/** A key that is drawn here by joining two halves, so that no scanner takes this file for a leak. */
const KEY = ['AKIA', 'Q7RD2KX5WMJ3TZ4N'].join('')

export const secret: Rule = {
  code: 'safety/secret',
  severity: 'error',
  summary:
    'A text that is served holds what looks like a key, a token, a password or a private key. Everything that is served is public: write a placeholder, and take the secret out of use.',
  ok: [
    {
      files: {
        'agents/demo/task.md': '---\ntype: task\nflow: demo\nmodel: m1\n---\nUse `AWS_KEY=<your key>`.\n',
      },
    },
  ],
  notOk: [
    {
      files: { 'agents/demo/task.md': `---\ntype: task\nflow: demo\nmodel: m1\n---\nUse \`${KEY}\`.\n` },
      at: ['agents/demo/task.md:6:6'],
    },
  ],
  check: (subject, tell) => {
    const message = ({ kind, evidence }: { readonly kind: string; readonly evidence: string }) =>
      `Cannot serve what looks like ${article(kind)} "${redacted(evidence)}": expected a placeholder`
    checkSafety(subject, { find: findSecrets, message }, tell)
  },
}

function article(kind: string): string {
  return `${/^(?:[aeiou]|npm|AWS|OpenAI|OpenRouter)/i.test(kind) ? 'an' : 'a'} ${kind}`
}
