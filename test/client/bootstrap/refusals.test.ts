import { expect, test } from 'vitest'
import { FETCH_PROBLEMS, TRUST_PROBLEMS } from '../../../client/bootstrap/problems.ts'
import { PROBLEMS } from '../../../client/install/problems.ts'

const rows = (kind: string, problems: Readonly<Record<string, string>>) =>
  Object.entries(problems).map(([problem, meaning]) => `| \`${kind}/${problem}\` | ${meaning} |`)

test('every refusal of a run that fetches and installs is documented', async () => {
  const page = [
    '# What a run refuses, and its codes',
    '',
    'Before its first task a run fetches prompts and skills, holds them against their digests and unpacks them. What it',
    'refuses leaves nothing behind. This page is written by `test/client/bootstrap/refusals.test.ts`.',
    '',
    '| code | meaning |',
    '|---|---|',
    ...rows('trust', TRUST_PROBLEMS),
    ...rows('run', FETCH_PROBLEMS),
    ...rows('install', PROBLEMS),
    '',
  ]
  await expect(page.join('\n')).toMatchFileSnapshot('../../../docs/refusals.md')
})
